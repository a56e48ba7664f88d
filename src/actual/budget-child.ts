import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { CategorisedTransaction } from '../suggestions/suggester.js';
import type { ActualLog } from './actual-log.js';
import { childMessageSchema, type Answer, type ChildMessage, type ChildSettings } from './child-messages.js';
import type { Operation, ParentMessage } from './child-messages.js';
import { isTrace } from './loggable.js';
import { SituationError, ownSituation } from './situation.js';

export interface Outcome {
  readonly answer: Answer;
  /** Of a `read-history`, oldest first; empty otherwise. */
  readonly history: readonly CategorisedTransaction[];
  /** Null where the copy does not say. */
  readonly budgetName: string | null;
}

export interface Call {
  readonly operation: Operation;
  /** Of a session on the server; null where nobody has logged in yet. */
  readonly token: string | null;
  readonly signal: AbortSignal;
  /** How long the operation may take to stop once `signal` is aborted; then the process is killed. */
  readonly cancelGraceMs: number;
}

/**
 * A process that holds one budget open, see `child/main.ts`. It ends with this process, however that ends. A kill
 * is harmless at any time: to the server, where one request is one transaction, and to the copy of the budget.
 */
export class BudgetChild {
  /** Resolves when it is gone, with how it ended. */
  readonly ended: Promise<string>;
  readonly #process: ChildProcess;
  #calls = 0;
  #current: CurrentCall | undefined;

  constructor(
    settings: ChildSettings,
    { memoryMb, log }: { readonly memoryMb: number; readonly log: ActualLog },
  ) {
    const child = fork(entry(), [String(process.pid)], {
      // The library behaves differently in tests. Everything else is inherited: certificates, proxies.
      env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
      execArgv: [`--max-old-space-size=${memoryMb}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#process = child;
    this.ended = new Promise((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('close', (code, signal) => resolve(signal ?? `status ${String(code)}`));
    });
    for (const output of [child.stdout, child.stderr]) {
      if (output) createInterface(output).on('line', (line) => this.#overhear(line, log));
    }
    child.on('message', (raw) => this.#receive(raw));
    void this.ended.then((how) => {
      this.#current?.fail(new SituationError(ownSituation('child-ended', `The process ended with ${how}`)));
    });
    this.#send({ type: 'configure', settings });
  }

  /** The library writes what servers say and what budgets hold; where it was at that time is all that may be kept. */
  #overhear(line: string, log: ActualLog): void {
    if (isTrace(line)) log.debug({ line }, 'Actual wrote');
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /**
   * One at a time. Rejects with a SituationError, or with the reason of the signal where it was that which ended
   * the operation: one that succeeds in spite of it has succeeded.
   */
  async call({ operation, token, signal, cancelGraceMs }: Call): Promise<Outcome> {
    signal.throwIfAborted();
    const call = ++this.#calls;
    let grace: NodeJS.Timeout | undefined;
    const onAbort = () => {
      this.#send({ type: 'cancel', call });
      grace = setTimeout(() => this.#process.kill('SIGKILL'), cancelGraceMs);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<Outcome>((resolve, reject) => {
        this.#current = { call, history: [], succeed: resolve, fail: reject };
        this.#send({ type: 'call', call, operation, token });
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      clearTimeout(grace);
      this.#current = undefined;
    }
  }

  /** Resolves when it is gone. */
  async end(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }

  #send(message: ParentMessage): void {
    // Where it is gone, its end says more than an error here.
    this.#process.send(message, () => undefined);
  }

  #receive(raw: unknown): void {
    const { data: message, error } = childMessageSchema.safeParse(raw);
    if (!message)
      this.#current?.fail(new Error('The child process said something malformed', { cause: error }));
    else if (message.call === this.#current?.call) this.#proceed(this.#current, message);
  }

  #proceed(current: CurrentCall, message: ChildMessage): void {
    switch (message.type) {
      case 'history-page':
        current.history.push(...message.transactions);
        break;
      case 'answered':
        current.succeed({
          answer: message.answer,
          history: current.history,
          budgetName: message.budgetName,
        });
        break;
      case 'failed':
        current.fail(new SituationError(message.situation));
        break;
    }
  }
}

interface CurrentCall {
  readonly call: number;
  readonly history: CategorisedTransaction[];
  readonly succeed: (outcome: Outcome) => void;
  readonly fail: (error: Error) => void;
}

/** A process has to be JavaScript, also where this file runs as TypeScript, as in tests. */
function entry(): URL {
  const folder = import.meta.url.endsWith('.ts') ? '../../dist/src/actual/' : './';
  return new URL(`${folder}child/main.js`, import.meta.url);
}
