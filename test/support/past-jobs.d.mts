import type { Failure } from '../../src/domain/failure.js';
import type { StepProgress, StepResult } from '../../src/domain/step-outcome.js';

export interface PastJob {
  readonly id?: string;
  readonly type?: 'SYNC' | 'SUGGESTIONS_GENERATION' | 'SYNC_AND_GENERATE';
  readonly budgetId: string;
  /** ISO text. */
  readonly createdAt: string;
  /** All of its steps together, each of which took as long as the others. */
  readonly tookMs?: number;
  /** Without it, and where it was not canceled, the job succeeded. */
  readonly failure?: Failure;
  /** Which step failed, from 1 on: the last one where it is not said. Those behind it never started. */
  readonly failedStep?: number;
  readonly isCanceled?: boolean;
  /** Of its steps that succeeded, in their order. */
  readonly results?: readonly StepResult[];
  /** What its suggestions are. */
  readonly answers?: StepProgress;
}

export function recordPastJobs(dataDir: string, jobs: readonly PastJob[]): Promise<void>;
