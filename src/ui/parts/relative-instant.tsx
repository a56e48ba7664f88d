import { use } from 'react';
import { strings } from '../strings.js';
import { instantText } from '../words/instant-text.js';
import { isSettled, relativeText, whenText } from '../words/relative-text.js';
import { AsOf } from './as-of.js';
import { useTextOverTime } from './use-text-over-time.js';

/**
 * `at`: an ISO text, or null for what has not happened. How long ago is told only while the page is live: "just now" would
 * contradict that nobody knows what is now. The exact time is for who points at it or listens.
 */
export function RelativeInstant({ at }: { readonly at: string | null }) {
  return at === null ? <>{strings.nothing}</> : <Known at={at} />;
}

function Known({ at }: { readonly at: string }) {
  const isLive = use(AsOf) === null;
  const text = useTextOverTime(
    (now) => (isLive ? relativeText : whenText)(at, now),
    (now) => !isLive || isSettled(at, now),
  );
  const exact = instantText(at);
  return (
    <time dateTime={at} title={exact}>
      <span aria-hidden="true">{text}</span>
      <span className="visually-hidden">{exact}</span>
    </time>
  );
}
