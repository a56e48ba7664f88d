import type { Progress } from './program.js';
import type { Task } from './task.js';

/** What a server is at work on, in words. */
export function labelOf(id: string, task: Task): string {
  switch (task.kind) {
    case 'START':
      return `${id}, start ${task.command}:`;
    case 'CANCEL':
    case 'RETRY':
      return `${id}, ${task.kind.toLowerCase()} of ${task.jobId}:`;
    case 'LOOK':
      return `${id}, look at ${task.jobId} in ${task.laneId}${task.judgedGone ? ', its runner taken for gone' : ''}:`;
    case 'REPORT':
      return `${id}, ${task.jobId} ${task.ending} in attempt ${task.claim.attempt}:`;
    case 'RETIRE':
      return `${id}, retention of ${task.jobId}:`;
    default:
      return task satisfies never;
  }
}

/** How it ended, where it has. */
export function endOf({ outcome }: Progress): string {
  return outcome && outcome.kind !== 'NONE' ? ` -> ${JSON.stringify(outcome)}` : '';
}
