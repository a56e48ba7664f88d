import { jobStream } from '../../src/domain/streams.js';
import { firstBudget, type Scenario, type UserCommand } from './scenario.js';
import type { View } from './view.js';
import type { World } from './world.js';

type Start = Extract<UserCommand, { kind: 'START' }>;

/** Whether what users were told is so. */
export function faultOfAnswers(view: View, world: World, { commands, misfortunes }: Scenario): string | null {
  const isStale = world.left.staleReads < (misfortunes.staleReads ?? 0);
  const made = new Set<string>();
  const byKey = new Map<string, string>();
  for (const [index, command] of commands.entries()) {
    const outcome = world.outcomes[index];
    if (outcome?.kind === 'REFUSED') {
      if (!mayBeRefused(command, outcome.code, commands, isStale)) {
        return `${command.kind} ${index} was refused: ${outcome.code}`;
      }
      continue;
    }
    if (outcome?.kind !== 'JOB') continue;
    const { jobId, created } = outcome;
    // What was removed long afterwards was there.
    if (view.streams.get(world.store, jobStream(jobId)).deletions > 0) continue;
    const { request, cancelRequested, isActive } = view.told(world, jobId);
    if (request === null) return `${command.kind} ${index} was answered with ${jobId}, which does not exist`;
    if (command.kind === 'CANCEL' && !cancelRequested && isActive) return `${jobId} was not canceled`;
    if (created && made.has(jobId)) return `${jobId} was created twice`;
    if (created) made.add(jobId);
    if (command.kind !== 'START') continue;
    if (request.type !== typeOf(command) || request.budgetId !== budgetOf(command)) {
      return `START ${index} was answered with ${jobId}, which is something else`;
    }
    if (command.key === undefined) continue;
    const before = byKey.get(command.key) ?? jobId;
    if (before !== jobId) return `One key gave ${before} and ${jobId}`;
    byKey.set(command.key, jobId);
  }
  return null;
}

function mayBeRefused(
  command: UserCommand,
  code: string,
  commands: readonly UserCommand[],
  isStale: boolean,
): boolean {
  switch (command.kind) {
    case 'START':
      if (code === 'JOB_ALREADY_ACTIVE') return command.onConflict === 'REJECT';
      return code === 'IDEMPOTENCY_KEY_REUSED' && commands.some((other) => isOtherUse(other, command));
    case 'CANCEL':
      return code === 'JOB_NOT_FOUND' && isStale;
    case 'RETRY':
      return code === 'JOB_NOT_RETRYABLE' || (code === 'JOB_NOT_FOUND' && isStale);
    default:
      return command satisfies never;
  }
}

function isOtherUse(other: UserCommand, command: Start): boolean {
  if (other.kind !== 'START' || other.key === undefined || other.key !== command.key) return false;
  return typeOf(other) !== typeOf(command) || budgetOf(other) !== budgetOf(command);
}

function typeOf({ type = 'SYNC' }: Start): string {
  return type;
}

function budgetOf({ budgetId = firstBudget }: Start): string {
  return budgetId;
}
