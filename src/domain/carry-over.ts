import type { ExistingJob, Step } from './job.js';
import type { PlannedStep } from './job-request.js';
import type { StepProgress } from './step-outcome.js';

/** A plan lies in one event, and stores have a limit for those: 1 MiB. The rest is for what else lies in it. */
const mostCarriedBytes = 768 * 1024;

/**
 * The plan of a job that goes on where this one ended: results, and the batches that were answered, in their order.
 * Batches that one event cannot hold any more are answered anew.
 */
export function carryOver(job: ExistingJob): readonly PlannedStep[] {
  let roomBytes = mostCarriedBytes;
  return job.steps.map((step) => {
    const fitting: StepProgress[] = [];
    for (const part of step.progress) {
      roomBytes -= sizeOf(part);
      if (roomBytes < 0) break;
      // What it cost was paid by the other job.
      fitting.push({ ...part, inputTokens: 0, outputTokens: 0 });
    }
    return planned(step, fitting);
  });
}

function planned(step: Step, progress: readonly StepProgress[]): PlannedStep {
  const { type, step: number } = step;
  if (step.status === 'SUCCEEDED' && progress.length === step.progress.length) {
    return { step: number, type, carried: { result: step.result, progress } };
  }
  return { step: number, type, ...(progress.length > 0 && { carried: { progress } }) };
}

function sizeOf(part: StepProgress): number {
  return new TextEncoder().encode(JSON.stringify(part)).length;
}
