import { ActualError, type ActualBudgets } from '../actual/actual-budgets.js';
import type { StepKind } from '../application/job-definition.js';
import { StepFailedError, type StepContext } from '../application/step-handler.js';
import type { StepResult } from '../domain/step-outcome.js';
import type { TokenPrices } from '../suggestions/model/token-cost.js';
import type { Suggester } from '../suggestions/suggester.js';

/** What steps work with. */
export interface Services {
  readonly budgets: ActualBudgets;
  readonly suggester: Suggester;
  readonly maxBatchTransactions: number;
  /** Absent: nobody said. */
  readonly tokenPrices: TokenPrices | undefined;
}

/** A step together with how it is carried out: see `StepHandler.run`. */
export interface StepDefinition extends StepKind {
  /** One sentence, for the schema. */
  readonly description: string;
  run(context: StepContext, services: Services): Promise<StepResult>;
}

/** What Actual did not do, as the step's failure. */
export async function orStepFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ActualError)) throw error;
    throw new StepFailedError(error.failure, { cause: error, retryAfterMs: error.retryAfterMs });
  }
}
