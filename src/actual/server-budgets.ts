import { createHash } from 'node:crypto';
import path from 'node:path';
import { failure } from '../domain/failure.js';
import type { SyncResult } from '../domain/step-outcome.js';
import type { CategorisedTransaction } from '../suggestions/suggester.js';
import {
  ActualError,
  type ActualBudgets,
  type BatchReading,
  type BatchSelection,
  type BudgetSummary,
  type CallOptions,
  type Uncategorized,
  type UncategorizedQuery,
} from './actual-budgets.js';
import type { ActualLog } from './actual-log.js';
import { Budget } from './budget.js';
import type { Answer } from './child-messages.js';
import { serverAt } from './server.js';
import { Session } from './session.js';
import { unlessAborted } from './unless-aborted.js';

export interface ServerBudgetsOptions {
  /** Of the Actual server; may have a path. */
  readonly url: string;
  readonly password: string;
  /** The Sync IDs of the budgets, each once. */
  readonly syncIds: readonly string[];
  /** Of budgets that are end-to-end encrypted. */
  readonly encryptionPassword: string | undefined;
  /** For the local copies; made where it does not exist. One process at a time. */
  readonly folder: string;
  /** For one HTTP request. */
  readonly timeoutMs: number;
  /** How long the process of a budget is kept after its last use. */
  readonly idleMs: number;
  /** How long an operation may take to stop once it is aborted; then its process is killed. */
  readonly cancelGraceMs: number;
  /** How much the process of a budget may take for its own objects; then it is ended. */
  readonly memoryMb: number;
  readonly log: ActualLog;
}

/** A start of a job waits for it. */
const CHECK_PATIENCE_MS = 2_000;

/** The budgets of a real Actual server. Returns at once: the server is asked when it is needed. */
export function openServerBudgets(options: ServerBudgetsOptions): ActualBudgets {
  return new ServerBudgets(options);
}

class ServerBudgets implements ActualBudgets {
  readonly #log: ActualLog;
  readonly #session: Session;
  /** By their Sync ID. */
  readonly #budgets: ReadonlyMap<string, Budget>;

  constructor({ syncIds, folder, log, ...options }: ServerBudgetsOptions) {
    const { url, password, timeoutMs, encryptionPassword, idleMs, cancelGraceMs, memoryMb } = options;
    const session = new Session({ url, password, timeoutMs });
    const open = (syncId: string) =>
      new Budget({
        settings: {
          serverUrl: url,
          syncId,
          folder: path.join(folder, folderName(url, syncId)),
          encryptionPassword: encryptionPassword ?? null,
          timeoutMs,
        },
        session,
        server: serverAt(url, timeoutMs),
        idleMs,
        cancelGraceMs,
        memoryMb,
        log,
      });
    this.#log = log;
    this.#session = session;
    this.#budgets = new Map(syncIds.map((syncId) => [syncId, open(syncId)]));
    if ([...this.#budgets.values()].some(({ name }) => name.value === undefined)) void this.#learnNames();
  }

  list(): readonly BudgetSummary[] {
    return [...this.#budgets].map(([id, { name }]) => ({ id, name: name.value ?? id }));
  }

  async sync(budgetId: string, { signal }: CallOptions): Promise<SyncResult> {
    const startedAt = performance.now();
    const { answer } = await this.#budget(budgetId).carryOut({ kind: 'sync' }, signal);
    if (answer.kind !== 'sync') throw unexpected(answer.kind);
    return { ...answer.result, durationMs: Math.round(performance.now() - startedAt) };
  }

  async readBatch(budgetId: string, batch: BatchSelection, { signal }: CallOptions): Promise<BatchReading> {
    const { answer } = await this.#budget(budgetId).carryOut({ kind: 'read-batch', batch }, signal);
    if (answer.kind !== 'read-batch') throw unexpected(answer.kind);
    return answer.reading;
  }

  async readHistory(budgetId: string, { signal }: CallOptions): Promise<readonly CategorisedTransaction[]> {
    return (await this.#budget(budgetId).carryOut({ kind: 'read-history' }, signal)).history;
  }

  async unknownTransactions(
    budgetId: string,
    transactionIds: readonly string[],
  ): Promise<readonly string[] | null> {
    const operation = { kind: 'read-batch', batch: { transactionIds } } as const;
    const answer = await this.#inCopy(budgetId, operation);
    return answer?.kind === 'read-batch' ? answer.reading.unknown : null;
  }

  async uncategorized(budgetId: string, query: UncategorizedQuery): Promise<Uncategorized | null> {
    const answer = await this.#inCopy(budgetId, { kind: 'read-uncategorized', ...query });
    return answer?.kind === 'read-uncategorized' ? answer.uncategorized : null;
  }

  async close(): Promise<void> {
    this.#session.close();
    await Promise.all([...this.#budgets.values()].map((budget) => budget.close()));
  }

  /** What the local copy says, where it can be asked within some seconds. */
  async #inCopy(budgetId: string, operation: Parameters<Budget['readCopy']>[0]): Promise<Answer | null> {
    const patience = AbortSignal.timeout(CHECK_PATIENCE_MS);
    try {
      return await unlessAborted(this.#budget(budgetId).readCopy(operation, patience), patience);
    } catch (error) {
      this.#log.debug({ err: error, budgetId }, 'Transactions could not be looked up now');
      return null;
    }
  }

  #budget(budgetId: string): Budget {
    const budget = this.#budgets.get(budgetId);
    if (budget) return budget;
    throw new ActualError(
      failure('ACTUAL_BUDGET_NOT_FOUND', {
        message: 'This budget is no longer configured.',
        action: 'Add its Sync ID to ACTUAL_SYNC_ID and restart.',
      }),
    );
  }

  /** So that people see names before the first sync. A budget whose name is not learned here says it later. */
  async #learnNames(): Promise<void> {
    try {
      for (const { groupId, name } of await this.#session.listBudgets()) {
        if (groupId !== null) this.#budgets.get(groupId)?.name.learn(name);
      }
    } catch (error) {
      this.#log.debug({ err: error }, 'The names of the budgets could not be learned yet');
    }
  }
}

/** One connection and budget have one folder: another server may know a budget by the same Sync ID. */
function folderName(url: string, syncId: string): string {
  return createHash('sha256').update(`${url}\n${syncId}`).digest('hex').slice(0, 32);
}

function unexpected(kind: string): Error {
  return new Error(`The process of a budget answered with ${kind}`);
}
