import { instantText } from '../words/instant-text.js';

/** `at`: an ISO text. */
export function Instant({ at }: { readonly at: string }) {
  return <time dateTime={at}>{instantText(at)}</time>;
}
