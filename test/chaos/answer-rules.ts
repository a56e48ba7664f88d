import { isDeepStrictEqual } from 'node:util';
import { asJobEvent, requestIn, type Chronicle } from './chronicle.js';
import type { Answer, Command, Observed } from './observed.js';
import type { Violation } from './violation.js';

type Start = Extract<Command, { kind: 'START' }>;

/** Whether what users were told is so. */
export function faultsOfAnswers(
  { answers }: Pick<Observed, 'answers'>,
  chronicle: Chronicle,
): readonly Violation[] {
  const reader = new AnswerReader(answers, chronicle);
  return answers.flatMap((answer) => {
    const what = reader.faultOf(answer);
    if (what === null) return [];
    const { outcome } = answer;
    const jobIds = outcome.kind === 'JOB' ? [outcome.jobId] : [];
    return [{ rule: 'ANSWER' as const, what: `${answer.user}: ${what}`, jobIds }];
  });
}

class AnswerReader {
  readonly #chronicle: Chronicle;
  /** Of each user's key, what was asked for with it. */
  readonly #uses = new Map<string, Start['input'][]>();
  readonly #created = new Set<string>();
  readonly #byKey = new Map<string, string>();

  constructor(answers: readonly Answer[], chronicle: Chronicle) {
    this.#chronicle = chronicle;
    for (const { user, command } of answers) {
      const key = keyOf(user, command);
      if (key === undefined || command.kind !== 'START') continue;
      this.#uses.set(key, [...(this.#uses.get(key) ?? []), command.input]);
    }
  }

  faultOf({ user, command, outcome }: Answer): string | null {
    switch (outcome.kind) {
      case 'UNKNOWN':
        return null;
      case 'REFUSED':
        return this.#mayBeRefused(user, command, outcome.code)
          ? null
          : `${command.kind} was refused with ${outcome.code}: ${JSON.stringify(command)}`;
      case 'JOB':
        return this.#faultOfJob(user, command, outcome.jobId, outcome);
      default:
        return outcome satisfies never;
    }
  }

  #faultOfJob(
    user: string,
    command: Command,
    jobId: string,
    { created, endsSoon }: { readonly created: boolean | null; readonly endsSoon: boolean },
  ): string | null {
    const history = this.#chronicle.jobs.get(jobId);
    const request = requestIn(history);
    if (!history || !request) return `${command.kind} was answered with ${jobId}, which does not exist`;
    if (request.ownerId !== user)
      return `${command.kind} was answered with ${jobId}, which is somebody else's`;
    if (created && this.#created.has(jobId)) return `${jobId} was created twice`;
    if (created) this.#created.add(jobId);
    switch (command.kind) {
      case 'CANCEL':
        if (jobId !== command.jobId) return `CANCEL of ${command.jobId} was answered with ${jobId}`;
        return endsSoon ? null : `${jobId} was not canceled`;
      case 'RETRY':
        return !created || request.retryOf === command.jobId
          ? null
          : `${jobId} does not retry ${command.jobId}`;
      case 'START': {
        if (request.type !== command.input.type || request.budgetId !== command.input.budgetId) {
          return `START was answered with ${jobId}, which is something else`;
        }
        const key = keyOf(user, command);
        if (key === undefined) return null;
        const before = this.#byKey.get(key) ?? jobId;
        this.#byKey.set(key, before);
        return before === jobId ? null : `One key gave ${before} and ${jobId}`;
      }
      default:
        return command satisfies never;
    }
  }

  #mayBeRefused(user: string, command: Command, code: string): boolean {
    switch (command.kind) {
      case 'START': {
        if (code === 'JOB_ALREADY_ACTIVE') return command.input.onConflict === 'REJECT';
        const uses = this.#uses.get(keyOf(user, command) ?? '') ?? [];
        return code === 'IDEMPOTENCY_KEY_REUSED' && uses.some((input) => !isSameStart(input, command.input));
      }
      case 'CANCEL':
        return code === 'JOB_NOT_FOUND' && this.#ownerOf(command.jobId) !== user;
      case 'RETRY':
        if (code === 'JOB_NOT_FOUND') return this.#ownerOf(command.jobId) !== user;
        return code === 'JOB_NOT_RETRYABLE';
      default:
        return command satisfies never;
    }
  }

  #ownerOf(jobId: string): string | undefined {
    const [first] = this.#chronicle.jobs.get(jobId) ?? [];
    const event = first && asJobEvent(first);
    return event?.type === 'JobQueued' ? event.request.ownerId : undefined;
  }
}

function keyOf(user: string, command: Command): string | undefined {
  if (command.kind !== 'START' || command.input.idempotencyKey === undefined) return undefined;
  return `${user} ${command.input.idempotencyKey}`;
}

function isSameStart(one: Start['input'], other: Start['input']): boolean {
  const asked = ({ type, budgetId, batch }: Start['input']) => ({ type, budgetId, batch });
  return isDeepStrictEqual(asked(one), asked(other));
}
