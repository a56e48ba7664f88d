import { durationText, elapsedText } from '../words/duration-text.js';
import { useTextOverTime } from './use-text-over-time.js';

interface Properties {
  /** ISO texts; null for what has not happened. */
  readonly from: string | null;
  readonly to: string | null;
}

/** How long it took, or has been taking. */
export function Duration({ from, to }: Properties) {
  if (from === null) return <>–</>;
  return to === null ? <Elapsed since={from} /> : <>{durationText(Date.parse(to) - Date.parse(from))}</>;
}

function Elapsed({ since }: { readonly since: string }) {
  return <>{useTextOverTime((now) => elapsedText(now - Date.parse(since)))}</>;
}
