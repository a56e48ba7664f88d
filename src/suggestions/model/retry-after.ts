const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * How long a server wants to be left alone, in milliseconds; undefined where it does not say. Read from `retry-after-ms`,
 * from `Retry-After` (RFC 9110: seconds, or a date), or else from the rate-limit headers of OpenAI, whose times look like
 * `6m0s` or `120ms`: the longest of those of which nothing is left.
 *
 * @param now an ISO instant in UTC
 */
export function retryAfterMsOf(headers: Pick<Headers, 'get'>, now: string): number | undefined {
  const inMs = Number(headers.get('retry-after-ms') ?? NaN);
  if (Number.isFinite(inMs) && inMs >= 0) return Math.ceil(inMs);
  const retryAfter = headers.get('retry-after')?.trim();
  if (retryAfter !== undefined && retryAfter !== '') return msOfRetryAfter(retryAfter, now);
  const resets = ['requests', 'tokens'].flatMap((kind) => {
    if (headers.get(`x-ratelimit-remaining-${kind}`)?.trim() !== '0') return [];
    return msOfDuration(headers.get(`x-ratelimit-reset-${kind}`) ?? '') ?? [];
  });
  return resets.length === 0 ? undefined : Math.max(...resets);
}

function msOfRetryAfter(text: string, now: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.parse(now));
}

function msOfDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return Math.ceil(
    parts.reduce((sum, [, value, unit]) => sum + Number(value) * unitMs[unit as keyof typeof unitMs], 0),
  );
}
