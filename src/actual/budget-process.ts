import { chmodSync, mkdirSync } from 'node:fs';
import type { ActualLog } from './actual-log.js';
import { BudgetChild, type Outcome } from './budget-child.js';
import type { ChildSettings, Operation } from './child-messages.js';
import { OneAtATime } from './one-at-a-time.js';
import { SituationError, situation } from './situation.js';

export interface BudgetProcessOptions {
  readonly settings: Omit<ChildSettings, 'startAfresh'>;
  /** How long the process is kept after its last use. */
  readonly idleMs: number;
  readonly cancelGraceMs: number;
  readonly memoryMb: number;
  readonly log: ActualLog;
}

export interface Request {
  readonly operation: Operation;
  readonly token: string | null;
  /** Ends the wait for earlier operations. */
  readonly waiting: AbortSignal;
  /** Ends the operation. Without it, who no longer wants the answer leaves the operation to itself. */
  readonly signal?: AbortSignal;
}

/** Carries out operations on one budget, one at a time, in a process that is started when it is needed. */
export class BudgetProcess {
  readonly #options: BudgetProcessOptions;
  readonly #turns = new OneAtATime();
  readonly #closing = new AbortController();
  #child: BudgetChild | undefined;
  #idle: NodeJS.Timeout | undefined;
  #startAfresh = false;

  constructor(options: BudgetProcessOptions) {
    this.#options = options;
  }

  /** Rejects with a SituationError, or with the reason of the signal that was aborted. */
  carryOut({ operation, token, waiting, signal }: Request): Promise<Outcome> {
    const closing = this.#closing.signal;
    return this.#turns.run(AbortSignal.any([waiting, closing]), async () => {
      clearTimeout(this.#idle);
      try {
        const child = (this.#child ??= this.#start());
        return await child.call({
          operation,
          token,
          signal: AbortSignal.any([closing, ...(signal ? [signal] : [])]),
          cancelGraceMs: this.#options.cancelGraceMs,
        });
      } finally {
        if (!closing.aborted) this.#idle = setTimeout(() => void this.#endChild(), this.#options.idleMs);
      }
    });
  }

  /** The next operation gets a new process. */
  restart(): Promise<void> {
    return this.#turns.run(this.#closing.signal, () => this.#endChild());
  }

  /** The next operation gets a new process and a new copy. */
  async startAfresh(): Promise<void> {
    this.#startAfresh = true;
    await this.restart();
  }

  /** Ends what runs; resolves when the process is gone. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The budget is being closed'));
    clearTimeout(this.#idle);
    await this.#endChild();
  }

  #start(): BudgetChild {
    const { settings, memoryMb, log } = this.#options;
    makePrivate(settings.folder);
    const child = new BudgetChild({ ...settings, startAfresh: this.#startAfresh }, { memoryMb, log });
    this.#startAfresh = false;
    log.debug({ pid: child.pid, syncId: settings.syncId }, 'The process of a budget has started');
    void child.ended.then((how) => {
      log.debug({ pid: child.pid, how }, 'The process of a budget has ended');
      if (this.#child === child) this.#child = undefined;
    });
    return child;
  }

  async #endChild(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await child?.end();
  }
}

/** The copy of a budget, and a session on the server in plain text, will be in it. */
function makePrivate(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
    // Node says ENOENT when it cannot make the folders above on a read-only file system.
    const storage = error.code === 'ENOENT' ? 'EROFS' : error.code;
    throw new SituationError(situation({ storage, detail: error.message }), { cause: error });
  }
}
