import { z } from 'zod';
import type { RequestFailure } from './request-failure.js';

export interface FetchObserver {
  /** Ends the request. */
  readonly signal: AbortSignal;
  failed(failure: RequestFailure, url: URL): void;
}

/**
 * A `fetch` with a timeout that covers the whole answer, which tells an observer why a request failed: the
 * library reduces all causes to 'network-failure'. It reads answers to their end before it hands them over,
 * so that one that is cut off fails here and not somewhere in the library. Without an observer requests are
 * refused: nobody asked for them, for example the library's automatic sync a second after each write, whose
 * changes would be in nobody's result.
 */
export function observedFetch(
  fetch: typeof globalThis.fetch,
  timeoutMs: number,
  observer: () => FetchObserver | undefined,
): typeof globalThis.fetch {
  return async (input, init) => {
    const watching = observer();
    if (!watching) throw new Error('The server is left alone while no operation runs');
    const url = new URL(input instanceof Request ? input.url : input);
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([timeout, watching.signal, ...(init?.signal ? [init.signal] : [])]);
    let answer: Response | undefined;
    try {
      answer = await connected(() => fetch(input, { ...init, signal }), signal);
      const body = await answer.arrayBuffer();
      const refusal = refusalIn(answer, body);
      if (refusal) watching.failed(refusal, url);
      return new Response(body.byteLength === 0 ? null : body, answer);
    } catch (error) {
      const code = causeOf(error);
      if (watching.signal.aborted) watching.failed({ kind: 'canceled' }, url);
      else if (timeout.aborted) watching.failed({ kind: 'timeout' }, url);
      else watching.failed({ kind: answer ? 'cut-off' : 'no-connection', code }, url);
      throw error;
    }
  };
}

/**
 * Tries a second time at once where there is no connection: the server has often just closed one that was kept
 * open for the next request. All requests may be repeated.
 */
async function connected(request: () => Promise<Response>, signal: AbortSignal): Promise<Response> {
  try {
    return await request();
  } catch {
    signal.throwIfAborted();
    return request();
  }
}

function refusalIn(answer: Response, body: ArrayBuffer): RequestFailure | undefined {
  if (answer.ok) {
    const isPage = answer.headers.get('content-type')?.includes('html') && startOf(body).startsWith('<');
    return isPage ? { kind: 'web-page' } : undefined;
  }
  return {
    kind: 'status',
    status: answer.status,
    reason: reasonIn(startOf(body)),
    retryAfterMs: retryAfterMs(answer.headers.get('retry-after')),
  };
}

/** Enough for the words of the server, and little of a page that a proxy sent instead. */
const startOf = (body: ArrayBuffer) => new TextDecoder().decode(body.slice(0, 1_000)).trim();

const wordSchema = z.string().regex(/^[a-z][a-z-]{2,40}$/);
const refusalSchema = z.object({ reason: wordSchema, details: wordSchema.optional().catch(undefined) });

/** The server gives its reason as the bare text of the body or in a JSON object, depending on the route. */
function reasonIn(text: string): string | null {
  const bare = wordSchema.safeParse(text);
  if (bare.success) return bare.data;
  const { data } = refusalSchema.safeParse(parsed(text));
  if (!data) return null;
  return data.reason === 'unauthorized' && data.details === 'token-not-found' ? 'token-expired' : data.reason;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 9110: seconds, or a date. */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** undici says 'fetch failed' and keeps the reason in a chain of causes. */
function causeOf(error: unknown): string | null {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    if ('code' in e && typeof e.code === 'string') return e.code;
  }
  return null;
}
