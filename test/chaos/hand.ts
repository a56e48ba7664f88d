import type { Random } from '../../src/demo/random.js';
import { ApiError } from '../support/api-client.js';
import {
  allUncategorized,
  cancelJob,
  hasEnded,
  readJob,
  retryJob,
  startJob,
  type JobData,
  type StartInput,
} from '../support/jobs-api.js';
import type { ChaosBudget } from './chaos-budgets.js';
import type { ChaosServer } from './chaos-server.js';
import { watch } from './follow.js';
import type { Notebook } from './notebook.js';
import type { Command, Outcome } from './observed.js';
import type { Pace } from './pace.js';
import type { User } from './users.js';

/** Resolves with one that is ready; null: it is over. */
type AnyServer = () => Promise<ChaosServer | null>;

/** What was started before these has ended long since. */
const mostRecent = 200;

interface HandOptions {
  readonly pace: Pace;
  readonly budgets: readonly ChaosBudget[];
  readonly servers: readonly ChaosServer[];
  readonly notebook: Notebook;
  readonly user: User;
  /** The jobs of the user, in the order in which they came to be known. */
  readonly known: string[];
  readonly witness: string;
  readonly random: Random;
  /** Told of what goes on beside whatever is done next. */
  readonly beside: (watched: Promise<void>) => void;
}

/** Does one thing after the other on behalf of a user, as a client does. */
export class Hand {
  readonly #options: HandOptions;
  readonly #keyed: Extract<Command, { kind: 'START' }>['input'][] = [];
  #watches = 0;

  constructor(options: HandOptions) {
    this.#options = options;
  }

  async doSomething(anyServer: AnyServer): Promise<void> {
    const { random, known, notebook, user, pace } = this.#options;
    const chance = random.next();
    const input = this.#input();
    const recent = known.at(-random.between(1, 6));
    const someone = random.chance(0.1) ? this.#jobOfAnother() : undefined;
    if (chance < 0.62) {
      if (notebook.activeAmong(known.slice(-mostRecent)) >= pace.mostActive) return;
      const command = { kind: 'START', input } as const;
      // Once more beside it, as an impatient client sends it.
      const twice = chance < 0.1 ? this.#ask(command, anyServer, false) : undefined;
      await this.#ask(command, anyServer);
      await twice;
    } else if (chance < 0.67 && recent !== undefined) {
      await this.#ask({ kind: 'CANCEL', jobId: someone ?? recent }, anyServer);
    } else if (chance < 0.75 && recent !== undefined) {
      const over = known
        .slice(-mostRecent)
        .findLast((id) => ['FAILED', 'CANCELED'].includes(notebook.latest(id)?.status ?? ''));
      await this.#ask({ kind: 'RETRY', jobId: someone ?? over ?? recent }, anyServer);
    } else if (chance < 0.88 && recent !== undefined) {
      const server = await anyServer();
      if (server) await this.#look(recent, server);
    } else if (recent !== undefined && notebook.activeAmong([recent]) > 0) {
      const server = await anyServer();
      if (!server) return;
      this.#watches += 1;
      const witness = `${this.#options.witness}, watching for the ${this.#watches}. time,`;
      this.#options.beside(watch(user, recent, { server, notebook, witness }));
    }
  }

  #input(): Extract<Command, { kind: 'START' }>['input'] {
    const { random, budgets, pace } = this.#options;
    const budget = budgets[random.between(0, budgets.length - 1)];
    if (!budget) throw new RangeError('There is no budget');
    const type = random.pick(['SYNC', 'SYNC', 'SUGGESTIONS_GENERATION', 'SYNC_AND_GENERATE'] as const);
    const first = random.between(0, budget.openTransactionIds.length - 1);
    const some = budget.openTransactionIds.slice(first, first + random.between(1, pace.largestBatch ?? 30));
    const takesAll = random.chance(0.6) && pace.largestBatch === null;
    const batch = takesAll ? allUncategorized : { transactionIds: some };
    const onConflict = random.pick(['RETURN_EXISTING', 'RETURN_EXISTING', 'QUEUE', 'REJECT'] as const);
    const old = this.#keyed.at(-random.between(1, 5));
    const key = `${this.#options.witness} ${this.#keyed.length}`;
    const isOldKey = random.chance(0.3);
    const input: StartInput & { budgetId: string } = {
      ...{ type, budgetId: budget.id, onConflict },
      ...(type !== 'SYNC' && { batch }),
    };
    if (!random.chance(0.4)) return input;
    // A key is used again, mostly for the same.
    if (isOldKey && old) {
      return random.chance(0.8) || old.idempotencyKey === undefined
        ? old
        : { ...input, idempotencyKey: old.idempotencyKey };
    }
    const keyed = { ...input, idempotencyKey: key };
    this.#keyed.push(keyed);
    return keyed;
  }

  #jobOfAnother(): string | undefined {
    const { notebook, user } = this.#options;
    const told = notebook.answers.findLast(
      ({ user: other, outcome }) => other !== user.name && outcome.kind === 'JOB',
    );
    return told?.outcome.kind === 'JOB' ? told.outcome.jobId : undefined;
  }

  /** Asks until it is answered, where asking again is harmless. */
  async #ask(command: Command, anyServer: AnyServer, isWitness = true): Promise<void> {
    for (;;) {
      const server = await anyServer();
      if (!server) return;
      const outcome = await this.#askOnce(command, server, isWitness);
      this.#options.notebook.answered({ user: this.#options.user.name, command, outcome });
      if (outcome.kind !== 'UNKNOWN' || !isRepeatable(command)) return;
    }
  }

  async #askOnce(command: Command, server: ChaosServer, isWitness: boolean): Promise<Outcome> {
    const { user, notebook, witness, known } = this.#options;
    try {
      const api = server.clientOf(user);
      const { job, created } = await sent(command, api);
      if (isWitness) notebook.saw(`${witness} at ${server.name}`, job);
      if (!known.includes(job.id)) known.push(job.id);
      const endsSoon = job.cancelRequestedAt !== null || hasEnded(job);
      return { kind: 'JOB', jobId: job.id, created, endsSoon };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code === 'EVENT_STORE_UNAVAILABLE')
        return { kind: 'UNKNOWN' };
      return { kind: 'REFUSED', code: String(error.code) };
    }
  }

  async #look(jobId: string, server: ChaosServer): Promise<void> {
    const { user, notebook, witness } = this.#options;
    try {
      const job = await readJob(server.clientOf(user), jobId);
      if (job) notebook.saw(`${witness} at ${server.name}`, job);
      else if (this.#options.servers.length === 1)
        notebook.surprises.push(`${server.name} does not show ${jobId}`);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code === 'EVENT_STORE_UNAVAILABLE') return;
      notebook.surprises.push(
        `${server.name} would not show ${jobId}: ${String(error.code)} ${error.message}`,
      );
    }
  }
}

async function sent(
  command: Command,
  api: Parameters<typeof startJob>[0],
): Promise<{ readonly job: JobData; readonly created: boolean | null }> {
  switch (command.kind) {
    case 'START':
      return startJob(api, command.input);
    case 'RETRY':
      return retryJob(api, command.jobId);
    case 'CANCEL':
      return { job: await cancelJob(api, command.jobId), created: null };
    default:
      return command satisfies never;
  }
}

/** As the API promises it. */
function isRepeatable(command: Command): boolean {
  if (command.kind === 'CANCEL') return true;
  if (command.kind === 'RETRY') return false;
  return command.input.idempotencyKey !== undefined || command.input.onConflict === 'RETURN_EXISTING';
}
