import type { Ref } from 'react';
import { useTextOverTime } from '../parts/use-text-over-time.js';
import { dayText } from '../words/day-text.js';

interface Properties {
  /** An instant of the day. */
  readonly at: number;
  readonly columns: number;
  /** Its line in the list. */
  readonly index: number;
  readonly ref: Ref<HTMLTableRowElement> | undefined;
}

/** Text between the rows, but no row: the rows of the table are jobs, also for who listens or counts. */
export function DayHeading({ at, columns, index, ref }: Properties) {
  const text = useTextOverTime(
    (now) => dayText(at, now),
    () => true,
  );
  return (
    <tr role="none" className="day" data-index={index} ref={ref}>
      <td role="none" colSpan={columns}>
        {text}
      </td>
    </tr>
  );
}
