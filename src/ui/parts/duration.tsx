import { use } from 'react';
import { strings } from '../strings.js';
import { durationText, elapsedText } from '../words/duration-text.js';
import { AsOf } from './as-of.js';
import { useTextOverTime } from './use-text-over-time.js';

interface Properties {
  /** ISO texts; null for what has not happened. */
  readonly from: string | null;
  readonly to: string | null;
}

/** How long it took, or has been taking: as far as that is known. */
export function Duration({ from, to }: Properties) {
  if (from === null) return <>{strings.nothing}</>;
  return to === null ? <Elapsed since={from} /> : <>{durationText(Date.parse(to) - Date.parse(from))}</>;
}

function Elapsed({ since }: { readonly since: string }) {
  const asOf = use(AsOf);
  return asOf === null ? <Going since={since} /> : <>{elapsedText(Date.parse(asOf) - Date.parse(since))}</>;
}

function Going({ since }: { readonly since: string }) {
  return <>{useTextOverTime((now) => elapsedText(now - Date.parse(since)))}</>;
}
