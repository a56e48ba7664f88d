import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import type { ListLine } from '../feed/list-lines.js';

/** Up to so many all are there, for who searches the page, prints it or listens. */
const allUpTo = 200;
const beyondSight = 10;
const estimatedHeights = { JOB: 53, DAY: 46 } as const;

/** A line that is there, or the room of those that are not. */
type LineOrGap = { readonly index: number } | { readonly gap: number };

/**
 * Which lines of a list that the window scrolls need to be there. Those of `kept` always are: focus must not get lost
 * with a line that was scrolled out of sight.
 */
export function useLinesInSight(lines: readonly ListLine[], kept: ReadonlySet<string>) {
  const isAll = lines.length <= allUpTo;
  const body = useRef<HTMLTableSectionElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    if (body.current) setScrollMargin(Math.round(body.current.getBoundingClientRect().top + scrollY));
  }, [lines]);
  const virtualizer = useWindowVirtualizer({
    enabled: !isAll,
    count: lines.length,
    scrollMargin,
    overscan: beyondSight,
    estimateSize: (index) => estimatedHeights[lines[index]?.kind ?? 'JOB'],
    getItemKey: (index) => lines[index]?.key ?? index,
    rangeExtractor: (range) => {
      const wanted = new Set(defaultRangeExtractor(range));
      if (kept.size > 0) lines.forEach(({ key }, index) => kept.has(key) && wanted.add(index));
      return [...wanted].sort((a, b) => a - b);
    },
  });

  const shown: LineOrGap[] = [];
  if (isAll) {
    for (const index of lines.keys()) shown.push({ index });
    return { isAll, body, shown, measure: undefined };
  }
  let end = 0;
  const goTo = (start: number) => {
    if (start > end) shown.push({ gap: start - end });
  };
  for (const item of virtualizer.getVirtualItems()) {
    goTo(item.start - scrollMargin);
    shown.push({ index: item.index });
    end = item.end - scrollMargin;
  }
  goTo(virtualizer.getTotalSize());
  return { isAll, body, shown, measure: virtualizer.measureElement };
}
