import type { Answer, ChildMessage, ChildSettings, Operation } from '../child-messages.js';
import { loggableError } from '../loggable.js';
import { observedFetch, type FetchObserver } from '../observed-fetch.js';
import type { RequestFailure } from '../request-failure.js';
import { SituationError, situation, type Situation } from '../situation.js';
import { storageFaultOf } from '../storage-fault.js';
import { LocalCopy } from './local-copy.js';
import { readBatch, readHistory, readUncategorized } from './read-transactions.js';
import { syncBudget } from './sync-budget.js';

/** So that neither process is busy with one message for long. */
const PAGE_SIZE = 1_000;

/** Carries out operations on one budget, one at a time, and says of each how it ended. */
export class OperationHost {
  readonly #settings: ChildSettings;
  readonly #send: (message: ChildMessage) => Promise<void>;
  #copy: LocalCopy | undefined;
  #current: CurrentCall | undefined;
  #isRetiring = false;

  /** Takes the place of the global `fetch`, so it must exist before the library is loaded. */
  constructor(settings: ChildSettings, send: (message: ChildMessage) => Promise<void>) {
    this.#settings = settings;
    this.#send = send;
    globalThis.fetch = observedFetch(globalThis.fetch, settings.timeoutMs, () => this.#current);
    this.#overhear('error');
    this.#overhear('warn');
  }

  async carryOut(call: number, operation: Operation, token: string | null): Promise<void> {
    const current = new CurrentCall(call);
    this.#current = current;
    try {
      this.#copy ??= await LocalCopy.prepare(this.#settings);
      await this.#copy.open(token);
      const answer = await this.#perform(this.#copy, operation, current);
      const budgetName = await this.#copy.name();
      await this.#reply(current, { type: 'answered', call, answer, budgetName });
    } catch (error) {
      // The folder and the library can be taken only once in the life of a process.
      if (!this.#copy) this.#isRetiring = true;
      await this.#reply(current, { type: 'failed', call, situation: current.situationOf(error) });
    } finally {
      this.#current = undefined;
      if (this.#isRetiring) process.exit(1);
    }
  }

  cancel(call: number): void {
    if (this.#current?.call === call) this.#current.stop();
  }

  /**
   * Something that nobody waited for has failed in the library. A write that is lost must not look like a
   * success, so the operation fails; in any case this process is not to be used any further.
   */
  async retire(error: unknown): Promise<void> {
    process.stderr.write(`Nobody waited for what failed here: ${loggableError(error)}\n`);
    this.#isRetiring = true;
    const current = this.#current;
    if (current && storageFaultOf(codeOf(error) ?? '')) {
      await this.#reply(current, {
        type: 'failed',
        call: current.call,
        situation: current.situationOf(error),
      });
      process.exit(1);
    }
    if (!current) process.exit(1);
  }

  async #perform(copy: LocalCopy, operation: Operation, current: CurrentCall): Promise<Answer> {
    switch (operation.kind) {
      case 'sync':
        return { kind: 'sync', result: await syncBudget(copy) };
      case 'read-batch':
        return { kind: 'read-batch', reading: readBatch(copy, operation.batch) };
      case 'read-uncategorized':
        return { kind: 'read-uncategorized', uncategorized: readUncategorized(copy, operation) };
      case 'read-history': {
        const history = readHistory(copy);
        for (let i = 0; i < history.length; i += PAGE_SIZE) {
          current.signal.throwIfAborted();
          const transactions = history.slice(i, i + PAGE_SIZE);
          await this.#send({ type: 'history-page', call: current.call, transactions });
        }
        return { kind: 'read-history' };
      }
    }
  }

  async #reply(current: CurrentCall, message: ChildMessage): Promise<void> {
    if (current.isAnswered) return;
    current.isAnswered = true;
    await this.#send(message);
  }

  /** The library logs why the local copy could not be used, and gives only a word such as 'internal'. */
  /* eslint-disable no-console -- this is the library's log */
  #overhear(level: 'error' | 'warn'): void {
    const print = console[level].bind(console);
    console[level] = (...things: unknown[]) => {
      for (const thing of things) this.#current?.overheard(codeOf(thing));
      print(...things);
    };
  }
  /* eslint-enable no-console */
}

class CurrentCall implements FetchObserver {
  readonly #stop = new AbortController();
  #request: RequestFailure | null = null;
  #storage: string | null = null;
  isAnswered = false;

  constructor(readonly call: number) {}

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** The first is the cause, later ones are consequences. */
  failed(failure: RequestFailure, url: URL): void {
    // A backup that the library uploads now and then when it opens a budget; nothing depends on it.
    if (!url.pathname.endsWith('/upload-user-file')) this.#request ??= failure;
  }

  overheard(code: string | null): void {
    if (code !== null && storageFaultOf(code)) this.#storage ??= code;
  }

  situationOf(error: unknown): Situation {
    const known = error instanceof SituationError ? error.situation : fromLibrary(error);
    return { ...known, request: known.request ?? this.#request, storage: known.storage ?? this.#storage };
  }
}

function fromLibrary(error: unknown): Situation {
  const code = codeOf(error);
  if (code !== null && storageFaultOf(code))
    return situation({ storage: code, detail: loggableError(error) });
  return situation({ code: isApiError(error) ? 'no-budget-open' : code, detail: loggableError(error) });
}

/** The API throws this plain object when it is called without an open budget. */
function isApiError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'type' in error && error.type === 'APIError';
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
