import { use } from 'react';
import { AsOf } from '../parts/as-of.js';
import { Instant } from '../parts/instant.js';
import { useTextOverTime } from '../parts/use-text-over-time.js';
import { strings } from '../strings.js';
import { elapsedText } from '../words/duration-text.js';

/** `at`: an ISO text. */
export function NextAttempt({ at }: { readonly at: string }) {
  const isLive = use(AsOf) === null;
  return <p>{strings.steps.nextAttempt(<Instant at={at} />, isLive && <Remaining until={at} />)}</p>;
}

function Remaining({ until }: { readonly until: string }) {
  const text = useTextOverTime((now) => {
    const ms = Date.parse(until) - now;
    return ms <= 0 ? strings.steps.now : strings.steps.inSoLong(elapsedText(Math.ceil(ms / 1_000) * 1_000));
  });
  return <span aria-hidden="true"> {text}</span>;
}
