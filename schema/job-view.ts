import type { JobView, StepView, TransitionView } from '../projections/job-reader.js';
import type { JobStep } from './job-step.js';
import type { JobTransition } from './job-transition.js';
import type { Job } from './job.js';

/** The read side's rows as the API's types: instants become dates. */
export function toJob(view: JobView): Job {
  return {
    ...view,
    createdAt: new Date(view.createdAt),
    startedAt: dateOf(view.startedAt),
    completedAt: dateOf(view.completedAt),
    cancelRequestedAt: dateOf(view.cancelRequestedAt),
  };
}

export function toStep(view: StepView): JobStep {
  return {
    ...view,
    order: view.step,
    startedAt: dateOf(view.startedAt),
    completedAt: dateOf(view.completedAt),
    nextAttemptAt: dateOf(view.nextAttemptAt),
    result: view.result,
  };
}

export function toTransition(view: TransitionView): JobTransition {
  return { ...view, at: new Date(view.at) };
}

function dateOf(instant: string | null): Date | null {
  return instant === null ? null : new Date(instant);
}
