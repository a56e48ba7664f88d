import type { JobEvent, JobEventType } from '../src/domain/job-events.js';
import { describeTransition } from './describe-transition.js';
import type { Handlers, Projection, Source, Write } from './projection.js';

type Told = Exclude<JobEventType, 'JobExpired' | 'StartReferred'>;

const told: readonly Told[] = [
  'JobQueued',
  'JobStarted',
  'StepStarted',
  'StepAdvanced',
  'StepSucceeded',
  'StepAttemptFailed',
  'StepFailed',
  'StepInterrupted',
  'StepSkipped',
  'CancelRequested',
  'JobSucceeded',
  'JobFailed',
  'JobCanceled',
];

/** What happened to each job, in words. */
export const historyProjection: Projection = {
  name: 'history',
  version: 1,
  tables: {
    transitions: `
      job_id TEXT NOT NULL, revision INTEGER NOT NULL, at TEXT NOT NULL, event TEXT NOT NULL, step INTEGER,
      message TEXT NOT NULL, PRIMARY KEY (job_id, revision)`,
  },
  on: {
    ...(Object.fromEntries(told.map((type) => [type, tell])) as Handlers),
    JobExpired: (_event, { id }, write) => {
      write('DELETE FROM transitions WHERE job_id = ?', id);
    },
  },
};

function tell(event: Extract<JobEvent, { type: Told }>, { id, revision }: Source, write: Write): void {
  if (event.type === 'JobQueued' && revision > 0) write('DELETE FROM transitions WHERE job_id = ?', id);
  write(
    'INSERT INTO transitions (job_id, revision, at, event, step, message) VALUES (?, ?, ?, ?, ?, ?)',
    id,
    revision,
    event.at,
    event.type,
    'step' in event ? event.step : null,
    describeTransition(event),
  );
}
