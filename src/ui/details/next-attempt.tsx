import { Instant } from '../parts/instant.js';
import { useTextOverTime } from '../parts/use-text-over-time.js';
import { elapsedText } from '../words/duration-text.js';

/** `at`: an ISO text. */
export function NextAttempt({ at }: { readonly at: string }) {
  const remaining = useTextOverTime((now) => {
    const ms = Date.parse(at) - now;
    return ms <= 0 ? 'now' : `in ${elapsedText(Math.ceil(ms / 1_000) * 1_000)}`;
  });
  return (
    <p>
      It will be tried again at <Instant at={at} />
      <span aria-hidden="true"> ({remaining})</span>.
    </p>
  );
}
