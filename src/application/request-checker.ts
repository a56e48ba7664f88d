import type { Batch, JobRequest } from '../domain/job-request.js';
import type { ConflictPolicy } from '../domain/lane.js';
import { chooseBudget } from './choose-budget.js';
import type { JobDefinition } from './job-definition.js';
import { refusal, type Refusal } from './refusal.js';

/** A request as it comes from outside. */
export interface StartJobInput {
  readonly type: string;
  readonly budgetId?: string | undefined;
  readonly batch?: BatchInput | undefined;
  readonly onConflict: ConflictPolicy;
  readonly idempotencyKey?: string | undefined;
}

export interface BatchInput {
  readonly transactionIds?: readonly string[] | undefined;
  readonly allUncategorized?: boolean | undefined;
}

export interface RequestCheckerOptions {
  readonly definitions: readonly JobDefinition[];
  /** Ids of the configured budgets that somebody may use. */
  readonly budgetIds: (ownerId: string) => readonly string[];
  /** Those of the ids that the budget does not have; null where that can't be found out now. */
  readonly unknownTransactions: (
    budgetId: string,
    transactionIds: readonly string[],
  ) => Promise<readonly string[] | null>;
  readonly maxBatchTransactions: number;
}

const maxKeyLength = 200;
/** Actual's own have 36 characters. A batch of longer ones might not fit into an event. */
const maxIdLength = 100;

/** Counted as people do, as far as that is simple: an emoji beyond the first 65,536 characters is one, too. */
function hasAllowedLength(key: string): boolean {
  return key !== '' && (key.length <= maxKeyLength || Array.from(key).length <= maxKeyLength);
}
const shownIds = 3;

/** Turns what somebody asks for into a complete request, or says what is wrong with it. */
export class RequestChecker {
  readonly #options: RequestCheckerOptions;

  constructor(options: RequestCheckerOptions) {
    this.#options = options;
  }

  async check(ownerId: string, input: StartJobInput): Promise<JobRequest | Refusal> {
    const definition = this.#options.definitions.find(({ type }) => type === input.type);
    if (!definition) return refusal('INVALID_INPUT', 'There is no such type of job.');
    const { idempotencyKey: key } = input;
    if (key !== undefined && !hasAllowedLength(key)) {
      return refusal('INVALID_INPUT', `idempotencyKey must have 1 to ${maxKeyLength} characters.`);
    }
    const budgetId = chooseBudget(this.#options.budgetIds(ownerId), input.budgetId);
    if (typeof budgetId !== 'string') return budgetId;
    const batch = this.#batchOf(definition, input.batch);
    if (batch && 'refused' in batch) return batch;
    const refused = batch && (await this.#refuseUnknown(budgetId, batch));
    if (refused) return refused;
    return {
      type: definition.type,
      ownerId,
      budgetId,
      input: batch ? { batch } : {},
      plan: definition.steps.map(({ type }, index) => ({ step: index + 1, type })),
    };
  }

  checkBudget(ownerId: string, budgetId: string): Refusal | null {
    const chosen = chooseBudget(this.#options.budgetIds(ownerId), budgetId);
    return typeof chosen === 'string' ? null : chosen;
  }

  #batchOf(definition: JobDefinition, batch: BatchInput | undefined): Batch | Refusal | null {
    if (!definition.steps.some(({ needsBatch }) => needsBatch)) {
      return batch ? refusal('INVALID_INPUT', `A ${definition.type} job takes no batch.`) : null;
    }
    const ids = batch?.transactionIds;
    if (ids !== undefined && batch?.allUncategorized !== undefined) {
      return refusal('INVALID_INPUT', 'batch takes either transactionIds or allUncategorized, not both.');
    }
    if (batch?.allUncategorized === true) return { allUncategorized: true };
    if (ids === undefined || ids.length === 0) {
      return refusal('MISSING_INPUT', 'batch needs transactionIds, or allUncategorized: true.');
    }
    const distinct = [...new Set(ids)];
    const tooLong = distinct.find((id) => id.length > maxIdLength);
    if (tooLong !== undefined) return noTransactions([tooLong]);
    const { maxBatchTransactions } = this.#options;
    if (distinct.length > maxBatchTransactions) {
      return refusal('INVALID_INPUT', `A batch takes at most ${maxBatchTransactions} transactions.`);
    }
    return { transactionIds: distinct };
  }

  async #refuseUnknown(budgetId: string, batch: Batch): Promise<Refusal | null> {
    if (!('transactionIds' in batch)) return null;
    const unknown = await this.#options.unknownTransactions(budgetId, batch.transactionIds);
    if (!unknown || unknown.length === 0) return null;
    return noTransactions(unknown);
  }
}

function noTransactions(ids: readonly string[]): Refusal {
  const some = ids.slice(0, shownIds).map((id) => JSON.stringify(id.slice(0, 64)));
  const more = ids.length > shownIds ? ` and ${ids.length - shownIds} more` : '';
  return refusal('INVALID_INPUT', `The budget has no transaction ${some.join(', ')}${more}.`);
}
