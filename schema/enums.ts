import { registerEnumType } from 'type-graphql';
import { jobDefinitions, stepDefinitions } from '../src/jobs/registry.js';

/** The types of jobs and steps follow from the registry. */
export const JobType = enumOf(jobDefinitions.map(({ type }) => type));
export const StepType = enumOf(stepDefinitions.map(({ type }) => type));
export const JobStatus = enumOf(['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED']);
export const StepStatus = enumOf(['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED', 'SKIPPED']);
export const ConflictPolicy = enumOf(['RETURN_EXISTING', 'QUEUE', 'REJECT']);
export const SuggestionSource = enumOf(['HISTORY', 'MODEL']);

function enumOf<T extends string>(values: readonly T[]): { readonly [V in T]: V } {
  return Object.fromEntries(values.map((value) => [value, value])) as { readonly [V in T]: V };
}

registerEnumType(JobType, {
  name: 'JobType',
  description: 'What can be started.',
  valuesConfig: Object.fromEntries(jobDefinitions.map(({ type, description }) => [type, { description }])),
});
registerEnumType(StepType, {
  name: 'StepType',
  description: 'What a job consists of.',
  valuesConfig: Object.fromEntries(stepDefinitions.map(({ type, description }) => [type, { description }])),
});
registerEnumType(JobStatus, {
  name: 'JobStatus',
  description: 'SUCCEEDED, FAILED and CANCELED are final.',
  valuesConfig: {
    QUEUED: { description: 'Waits for its turn; jobs of one budget run one at a time.' },
    RUNNING: { description: 'Its first step has started.' },
    SUCCEEDED: { description: 'All its steps succeeded.' },
    FAILED: { description: 'A step failed; `failure` says why and what to do.' },
    CANCELED: { description: 'It was ended by whoever started it.' },
  },
});
registerEnumType(StepStatus, {
  name: 'StepStatus',
  description: 'SUCCEEDED, FAILED, CANCELED and SKIPPED are final.',
  valuesConfig: {
    QUEUED: { description: 'Has not started.' },
    RUNNING: { description: 'Has started; waits to try again while `nextAttemptAt` is set.' },
    SUCCEEDED: { description: 'Has reached its goal.' },
    FAILED: { description: 'Failed for good.' },
    CANCELED: { description: 'Ended because the job was canceled.' },
    SKIPPED: { description: 'Will never start, because an earlier step failed.' },
  },
});
registerEnumType(ConflictPolicy, {
  name: 'ConflictPolicy',
  description: 'What to do when the same job (budget, type and batch) is still active.',
  valuesConfig: {
    RETURN_EXISTING: { description: 'Answer with the active job.' },
    QUEUE: { description: 'Queue one more behind it, unless one is waiting already.' },
    REJECT: { description: 'Refuse with JOB_ALREADY_ACTIVE.' },
  },
});
registerEnumType(SuggestionSource, {
  name: 'SuggestionSource',
  description: 'Where a suggestion comes from.',
  valuesConfig: {
    HISTORY: { description: "Follows from the budget's own categorised transactions." },
    MODEL: { description: 'Was given by a language model.' },
  },
});
