import { instantText } from '../words/instant-text.js';

/** `at`: an ISO text, or null for what has not happened. */
export function Instant({ at }: { readonly at: string | null }) {
  return at === null ? '–' : <time dateTime={at}>{instantText(at)}</time>;
}
