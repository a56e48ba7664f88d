import path from 'node:path';
import { z } from 'zod';
import { observedFetch } from './observed-fetch.js';
import type { RequestFailure } from './request-failure.js';
import { SituationError, situation, ownSituation } from './situation.js';
import { unlessAborted } from './unless-aborted.js';

export interface SessionOptions {
  readonly url: string;
  readonly password: string;
  /** For one request. */
  readonly timeoutMs: number;
}

export interface RemoteBudget {
  /** The Sync ID; null while the budget is being reset. */
  readonly groupId: string | null;
  readonly name: string;
}

interface Ask {
  readonly method?: 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The server locks its login for 15 minutes after 5 wrong passwords, for the right one too. */
const REJECTION_KEPT_MS = 240_000;

const bootstrapSchema = z.object({
  status: z.literal('ok'),
  data: z.object({
    bootstrapped: z.boolean(),
    availableLoginMethods: z.array(z.object({ method: z.string() })).default([{ method: 'password' }]),
  }),
});
const loginSchema = z.object({ status: z.literal('ok'), data: z.object({ token: z.string().min(1) }) });
/** A redirect to another login, or a refusal of a login by header, both with status 200. */
const otherLoginSchema = z.union([
  z.object({ status: z.literal('ok'), data: z.object({ returnUrl: z.string() }) }),
  z.object({ status: z.literal('error'), reason: z.enum(['invalid-header', 'proxy-not-trusted']) }),
]);
const filesSchema = z.object({
  status: z.literal('ok'),
  data: z.array(z.object({ groupId: z.string().nullable(), name: z.string() })),
});

/** Being logged in on the server, once for all budgets. Every method rejects with a SituationError. */
export class Session {
  readonly #options: SessionOptions;
  readonly #closing = new AbortController();
  #login: Promise<string> | undefined;
  #token: string | null = null;
  #rejection: { readonly error: unknown; readonly at: number } | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Of the last login that the server is not known to have forgotten; null where there is none. */
  get token(): string | null {
    return this.#token;
  }

  /** Logs in where that has not been done; whoever comes meanwhile waits for the same login. */
  async open(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    if (this.#token !== null) return this.#token;
    this.#login ??= this.#logIn().finally(() => (this.#login = undefined));
    return unlessAborted(this.#login, signal);
  }

  /** The server does not know the token any more. */
  expire(token: string | null): void {
    if (this.#token === token) this.#token = null;
  }

  async listBudgets(): Promise<readonly RemoteBudget[]> {
    const headers = { 'x-actual-token': await this.open(this.#closing.signal) };
    const answer = filesSchema.safeParse(await this.#ask('/sync/list-user-files', { headers }));
    if (answer.success) return answer.data.data;
    throw new SituationError(ownSituation('not-actual', answer.error.message));
  }

  close(): void {
    this.#closing.abort(new Error('The session is being closed'));
  }

  async #logIn(): Promise<string> {
    const { password } = this.#options;
    if (password === '') throw new SituationError(ownSituation('no-password'));
    if (this.#rejection && performance.now() - this.#rejection.at < REJECTION_KEPT_MS) {
      throw this.#rejection.error;
    }
    await this.#checkLogin();
    const answer = await this.#submit(password);
    const login = loginSchema.safeParse(answer);
    if (login.success) return (this.#token = login.data.data.token);
    const code = otherLoginSchema.safeParse(answer).success ? 'no-password-login' : 'not-actual';
    throw new SituationError(ownSituation(code, 'POST /account/login'));
  }

  /** Before a password is sent to whatever answers there. */
  async #checkLogin(): Promise<void> {
    const answer = bootstrapSchema.safeParse(await this.#ask('/account/needs-bootstrap'));
    if (!answer.success) {
      const detail = `GET /account/needs-bootstrap: ${answer.error.message}`;
      throw new SituationError(ownSituation('not-actual', detail));
    }
    const { bootstrapped, availableLoginMethods } = answer.data.data;
    if (!bootstrapped) throw new SituationError(ownSituation('server-not-set-up'));
    if (!availableLoginMethods.some(({ method }) => method === 'password')) {
      throw new SituationError(ownSituation('no-password-login'));
    }
  }

  async #submit(password: string): Promise<unknown> {
    try {
      return await this.#ask('/account/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ loginMethod: 'password', password }),
      });
    } catch (error) {
      if (isRejection(error)) this.#rejection = { error, at: performance.now() };
      throw error;
    }
  }

  /** What the server says; undefined where that is not JSON. */
  async #ask(route: string, init: Ask = {}): Promise<unknown> {
    const seen: { failure: RequestFailure | null } = { failure: null };
    const observer = {
      signal: this.#closing.signal,
      failed: (failure: RequestFailure) => void (seen.failure ??= failure),
    };
    const fetch = observedFetch(globalThis.fetch, this.#options.timeoutMs, () => observer);
    const failed = (cause?: unknown) =>
      new SituationError(situation({ request: seen.failure, detail: route }), { cause });
    let text: string;
    try {
      // A connection that is kept open is of no use: the next request may be days away.
      const headers = { ...init.headers, connection: 'close' };
      text = await (await fetch(this.#urlOf(route), { ...init, headers })).text();
    } catch (error) {
      throw error instanceof SituationError ? error : failed(error);
    }
    if (seen.failure) throw failed();
    return parsed(text);
  }

  /** The server may live below a path. */
  #urlOf(route: string): URL {
    if (!URL.canParse(this.#options.url)) throw new SituationError(ownSituation('invalid-url'));
    const url = new URL(this.#options.url);
    url.pathname = path.posix.join(url.pathname, route);
    return url;
  }
}

function isRejection(error: unknown): boolean {
  if (!(error instanceof SituationError)) return false;
  const { request } = error.situation;
  return request?.kind === 'status' && request.reason === 'invalid-password';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
