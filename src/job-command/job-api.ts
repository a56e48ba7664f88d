import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { StartInput } from './job-arguments.js';

export interface Job {
  readonly id: string;
  readonly type: string;
  readonly status: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED';
  readonly queuePosition: number | null;
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly failure: Failure | null;
  readonly steps: readonly Step[];
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly action: string;
}

interface Step {
  readonly order: number;
  readonly type: string;
  readonly status: string;
  readonly nextAttemptAt: string | null;
  readonly failure: Failure | null;
}

const jobFields = `id type status queuePosition createdAt completedAt failure { code message action }
  steps { order type status nextAttemptAt failure { code message action } result {
    ... on SyncResult { messagesReceived messagesSent transactionsChanged accountsTouched durationMs }
    ... on SuggestionsResult { requested suggested fromHistory fromModel unanswered unusable model inputTokens outputTokens cost }
  } }`;

/** The server did not do what it was asked; the message says why. */
export class RefusedError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'RefusedError';
  }
}

/** What answers there is no server of this kind, or nobody answers. */
export class UnreachableError extends Error {
  readonly code = 'UNREACHABLE';

  constructor(url: string, options?: ErrorOptions) {
    super(`No server of Actual Jobs answers at ${url}: start it, or say --url.`, options);
    this.name = 'UnreachableError';
  }
}

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

const answeredWithinMs = 15_000;
const firstPauseMs = 250;
const longestPauseMs = 5_000;

/** A running server, as any client sees it. */
export class JobApi {
  readonly #url: string;
  readonly #credentials: Readonly<Record<string, string>>;

  constructor(url: string, token: string | undefined) {
    this.#url = url.replace(/\/$/, '');
    this.#credentials = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** @throws RefusedError; UnreachableError */
  async start(input: StartInput): Promise<{ readonly job: Job; readonly created: boolean }> {
    const query = `mutation ($input: StartJobInput!) { startJob(input: $input) { created job { ${jobFields} } } }`;
    const { startJob } = await this.#request<{ startJob: { job: Job; created: boolean } }>(query, { input });
    return startJob;
  }

  /**
   * Each state of the job from now on, until it has ended. Connects again and again where the connection is lost, as while
   * the server is started anew: what it begins with is the state at that time.
   *
   * @throws RefusedError; the signal's reason
   */
  async *follow(
    id: string,
    { signal, onLost }: { signal: AbortSignal; onLost: () => void },
  ): AsyncGenerator<Job> {
    const query = `subscription ($id: ID!) { jobUpdated(jobId: $id) { ${jobFields} } }`;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
      const sockets = createClient({
        url: `${this.#url.replace(/^http/, 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: this.#credentials,
        retryAttempts: 0,
      });
      const stop = () => void sockets.dispose();
      signal.addEventListener('abort', stop, { once: true });
      try {
        for await (const answer of sockets.iterate<{ jobUpdated: Job }>({ query, variables: { id } })) {
          pauseMs = firstPauseMs;
          const { jobUpdated: job } = dataOf(answer as Answer<{ jobUpdated: Job }>);
          yield job;
          if (hasEnded(job)) return;
        }
      } catch (error) {
        if (error instanceof RefusedError) throw error;
        // What is wrong with the request as a whole comes as a list; anything else is about the connection.
        if (Array.isArray(error)) throw refusedBy(error as Answer<never>['errors']);
        if (isForbidden(error))
          throw new RefusedError('UNAUTHENTICATED', 'The server no longer takes your token.');
      } finally {
        signal.removeEventListener('abort', stop);
        void sockets.dispose();
      }
      signal.throwIfAborted();
      onLost();
      await pause(pauseMs, signal);
    }
  }

  async #request<T>(query: string, variables: object): Promise<T> {
    let answer: Answer<T>;
    try {
      const response = await fetch(`${this.#url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...this.#credentials },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(answeredWithinMs),
      });
      answer = (await response.json()) as Answer<T>;
    } catch (error) {
      throw new UnreachableError(this.#url, { cause: error });
    }
    if (!answer.data && !answer.errors) throw new UnreachableError(this.#url);
    return dataOf(answer);
  }
}

function hasEnded({ status }: Job): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELED';
}

function dataOf<T>({ data, errors }: Answer<T>): T {
  if (errors || !data) throw refusedBy(errors);
  return data;
}

function refusedBy(errors: Answer<never>['errors']): RefusedError {
  const [error] = errors ?? [];
  return new RefusedError(
    error?.extensions?.code ?? 'INTERNAL',
    error?.message ?? 'The server gave no answer.',
  );
}

const forbidden = 4403;

function isForbidden(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === forbidden;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
