import { ActualError } from './actual-budgets.js';
import type { ActualLog } from './actual-log.js';
import type { Outcome } from './budget-child.js';
import { BudgetName } from './budget-name.js';
import { BudgetProcess } from './budget-process.js';
import type { Answer, ChildSettings, Operation } from './child-messages.js';
import { failureOfSituation } from './failure-of-situation.js';
import { remedyFor, type Remedy } from './remedy.js';
import type { Server } from './server.js';
import type { Session } from './session.js';
import { SituationError } from './situation.js';

export interface BudgetOptions {
  readonly settings: Omit<ChildSettings, 'startAfresh'>;
  readonly session: Session;
  readonly server: Server;
  readonly idleMs: number;
  readonly cancelGraceMs: number;
  readonly memoryMb: number;
  readonly log: ActualLog;
}

type Reading = Extract<Operation, { kind: 'read-batch' | 'read-uncategorized' }>;

/** One budget on one server. */
export class Budget {
  readonly name: BudgetName;
  readonly #options: BudgetOptions;
  readonly #process: BudgetProcess;

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#process = new BudgetProcess(options);
    this.name = new BudgetName(options.settings.folder, options.log);
  }

  /**
   * Carries out an operation, and puts right what can be put right on the way, each thing once.
   *
   * @throws ActualError
   */
  async carryOut(operation: Operation, signal: AbortSignal): Promise<Outcome> {
    const { session, log, settings } = this.#options;
    const tried = new Set<Remedy>();
    let token: string | null = null;
    while (true) {
      try {
        const needsSession = operation.kind === 'sync' || tried.has('log-in');
        token = needsSession ? await session.open(signal) : session.token;
        return await this.#attempt(operation, token, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof SituationError)) throw error;
        const remedy = remedyFor(error.situation);
        if (remedy === undefined || tried.has(remedy)) throw this.#failureOf(error);
        log.debug({ err: error, syncId: settings.syncId, remedy }, 'Trying again at once');
        tried.add(remedy);
        if (remedy === 'log-in') session.expire(token);
        else await this.#renew(remedy);
      }
    }
  }

  /** Reads what is on this machine, as soon as nothing else uses it. */
  async readCopy(operation: Reading, waiting: AbortSignal): Promise<Answer> {
    return (await this.#process.carryOut({ operation, token: null, waiting })).answer;
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  async #attempt(operation: Operation, token: string | null, signal: AbortSignal): Promise<Outcome> {
    const outcome = await this.#process.carryOut({ operation, token, waiting: signal, signal });
    if (outcome.budgetName !== null) this.name.learn(outcome.budgetName);
    return outcome;
  }

  #renew(remedy: 'new-process' | 'new-copy'): Promise<void> {
    return remedy === 'new-copy' ? this.#process.startAfresh() : this.#process.restart();
  }

  #failureOf(error: SituationError): ActualError {
    const { request } = error.situation;
    const retryAfterMs = request?.kind === 'status' ? (request.retryAfterMs ?? undefined) : undefined;
    return new ActualError(failureOfSituation(error.situation, this.#options.server), {
      cause: error,
      retryAfterMs,
    });
  }
}
