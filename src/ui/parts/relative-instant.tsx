import { instantText } from '../words/instant-text.js';
import { isSettled, relativeText } from '../words/relative-text.js';
import { useTextOverTime } from './use-text-over-time.js';

/** `at`: an ISO text, or null for what has not happened. The exact time is for who points at it or listens. */
export function RelativeInstant({ at }: { readonly at: string | null }) {
  return at === null ? <>–</> : <Known at={at} />;
}

function Known({ at }: { readonly at: string }) {
  const text = useTextOverTime(
    (now) => relativeText(at, now),
    (now) => isSettled(at, now),
  );
  const exact = instantText(at);
  return (
    <time dateTime={at} title={exact}>
      <span aria-hidden="true">{text}</span>
      <span className="visually-hidden">{exact}</span>
    </time>
  );
}
