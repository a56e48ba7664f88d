import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { verifyReadModels } from '../../projections/maintain-read-models.js';
import { chronicleOf } from './chronicle.js';
import { openChaosWorld, type ChaosWorld, type WorldOptions } from './chaos-world.js';
import type { ChaosServer } from './chaos-server.js';
import { listJobsSince } from './list-jobs.js';
import { liveAndDie, type Lived } from './live-and-die.js';
import { LogTail } from './log-tail.js';
import { Notebook } from './notebook.js';
import type { Shown } from './observed.js';
import { livesOf, longLivesOf, type LifePlan } from './plan.js';
import { faultsOfSightings } from './sight-rules.js';
import { counted, summaryOf } from './tell.js';
import { until } from './until.js';
import { signedIn, type User } from './users.js';
import type { Violation } from './violation.js';
import { violationsIn } from './violations-in.js';
import { Workload } from './workload.js';

export interface ChaosOptions extends Omit<WorldOptions, 'onQuestion'> {
  readonly kills: number;
  /** So many at least; 0: as many as come of the kills. */
  readonly jobs: number;
  /** So many kills lie between two looks at everything. */
  readonly killsARound: number;
  readonly say: (line: string) => void;
}

export interface ChaosOutcome {
  readonly kills: number;
  readonly jobs: number;
  readonly violations: readonly Violation[];
  readonly log: LogTail['events'];
  readonly summary: readonly string[];
}

/** How long a start may take, though many start at once (milliseconds). */
const startPatienceMs = 30_000;
/** How long nothing may happen while something is left to do (milliseconds). */
const restPatienceMs = 25_000;
const sightPatienceMs = 10_000;

/** Kills servers at work, until there were so many kills and so many jobs, or something is wrong. */
export async function chaos(options: ChaosOptions): Promise<ChaosOutcome> {
  const users = await signedIn(options.pace.users);
  const notebook = new Notebook(users.map(({ name }) => name));
  const world = await openChaosWorld({ ...options, onQuestion: (question) => notebook.asked(question) });
  try {
    return await new Chaos(options, world, users, notebook).run();
  } finally {
    await world.close();
  }
}

class Chaos {
  readonly #options: ChaosOptions;
  readonly #world: ChaosWorld;
  readonly #users: readonly User[];
  readonly #notebook: Notebook;
  readonly #tail: LogTail;
  readonly #plans: readonly Iterator<LifePlan, never>[];
  readonly #deaths: Lived[] = [];
  #afterwards: Promise<unknown>[] = [];

  constructor(options: ChaosOptions, world: ChaosWorld, users: readonly User[], notebook: Notebook) {
    this.#options = options;
    this.#world = world;
    this.#users = users;
    this.#notebook = notebook;
    this.#tail = new LogTail((after) => world.readLog(after));
    const { seed, jobs, kills } = options;
    this.#plans = world.servers.map((_, index) =>
      jobs > 0 ? longLivesOf(seed, index, Math.ceil(jobs / kills)) : livesOf(seed, index),
    );
  }

  async run(): Promise<ChaosOutcome> {
    const { seed, pace } = this.#options;
    const { servers, budgets } = this.#world;
    const workload = new Workload({
      seed,
      pace,
      users: this.#users,
      budgets,
      servers,
      notebook: this.#notebook,
    });
    try {
      const violations = await this.#rounds(workload);
      const outcome = {
        log: this.#tail.events,
        kills: this.#deaths.length,
        jobs: this.#notebook.created,
        summary: this.#summary(),
      };
      workload.end();
      // What is broken need not end well, too.
      const atTheEnd = violations.length > 0 ? [] : await this.#endAll();
      return { ...outcome, violations: [...violations, ...atTheEnd] };
    } finally {
      workload.end();
      await Promise.all(servers.map((server) => server.kill()));
      await workload.ended;
    }
  }

  async #rounds(workload: Workload): Promise<readonly Violation[]> {
    const { say } = this.#options;
    for (;;) {
      workload.resume();
      await this.#round();
      const areReady = await this.#startAll();
      if (!areReady) workload.end();
      await workload.pause();
      const violations = areReady ? await this.#look() : surprising(this.#notebook.surprises);
      say(
        `${this.#deaths.length} kills, ${this.#notebook.created} jobs, ${this.#tail.events.length} events, ` +
          `${violations.length} violations`,
      );
      if (violations.length > 0 || this.#isEnough()) return violations;
      await Promise.all(this.#world.servers.map((server) => server.kill()));
    }
  }

  #isEnough(): boolean {
    const { kills, jobs } = this.#options;
    return this.#deaths.length >= kills && this.#notebook.created >= jobs;
  }

  /** So many kills as lie between two looks, of all servers together. */
  async #round(): Promise<void> {
    let left = this.#options.killsARound;
    await Promise.all(
      this.#world.servers.map(async (server, index) => {
        while (left > 0 && !this.#isEnough()) {
          left -= 1;
          const plan = this.#plans[index]?.next().value;
          if (!plan) throw new RangeError('Every server has a plan');
          await this.#oneLife(server, plan);
        }
        await this.#compareReadModels(server);
      }),
    );
  }

  async #oneLife(server: ChaosServer, plan: LifePlan): Promise<void> {
    const lived = await liveAndDie(server, plan, () => this.#notebook.created);
    this.#deaths.push(lived);
    const { surprises } = this.#notebook;
    if (lived.status !== null) {
      surprises.push(`${server.name} ended by itself with ${lived.status}:\n${lived.life.output()}`);
    }
    this.#afterwards.push(server.remains().then((remains) => surprises.push(...remains)));
    await this.#tail.read();
  }

  /** As the kill left them. */
  async #compareReadModels(server: ChaosServer): Promise<void> {
    const { surprises } = this.#notebook;
    const store = this.#world.openLog();
    try {
      const { differences } = await verifyReadModels(store, path.join(server.dataDir, 'read-models.sqlite'));
      for (const { table, rows, examples } of differences) {
        const which = JSON.stringify(examples);
        surprises.push(`${rows} rows of ${table} of ${server.name} are not what a rebuild makes: ${which}`);
      }
    } catch (error) {
      surprises.push(`The read models of ${server.name} cannot be compared with the log: ${String(error)}`);
    } finally {
      await store.close();
    }
  }

  async #startAll(): Promise<boolean> {
    const { surprises } = this.#notebook;
    const ready = await Promise.all(
      this.#world.servers.map(async (server) => {
        const life = server.start();
        const isReady = await Promise.race([life.ready, pause(startPatienceMs, false, { ref: false })]);
        if (!isReady)
          surprises.push(`${server.name} is not ready when nothing troubles it:\n${life.output()}`);
        return isReady;
      }),
    );
    return ready.every(Boolean);
  }

  /** When nothing is left to do: what is wrong. */
  async #look(): Promise<readonly Violation[]> {
    const tail = this.#tail;
    const notebook = this.#notebook;
    await this.#untilAtRest();
    // What is missed for good is found below.
    await until(() => this.#haveSeenAll() || undefined, { patienceMs: sightPatienceMs, everyMs: 100 });
    await Promise.all(this.#afterwards.splice(0));
    for (const server of this.#world.servers) notebook.surprises.push(...server.strayFiles());
    const isLast = this.#isEnough();
    const shown = await this.#shown(isLast ? '' : notebook.since);
    const violations = violationsIn(notebook.observed(tail.events, shown));
    if (violations.length === 0) {
      tail.rest();
      notebook.forgetUpTo(tail.position);
    }
    return violations;
  }

  /** Or until nothing happens any longer. */
  async #untilAtRest(): Promise<void> {
    const tail = this.#tail;
    let known = tail.position;
    let since = performance.now();
    const look = async () => {
      await tail.read();
      if (tail.position !== known) since = performance.now();
      known = tail.position;
      return tail.isAtRest || performance.now() - since > restPatienceMs || undefined;
    };
    await until(look, { everyMs: 150 });
  }

  #haveSeenAll(): boolean {
    const { events } = this.#tail;
    return faultsOfSightings(this.#notebook.observed(events, []), chronicleOf(events)).length === 0;
  }

  async #shown(since: string): Promise<readonly Shown[]> {
    const shown: Shown[] = [];
    for (const server of this.#world.servers) {
      for (const user of this.#users) {
        const about = { server: server.name, user: user.name, since };
        try {
          shown.push({ ...about, jobs: await listJobsSince(server.clientOf(user), since) });
        } catch (error) {
          this.#notebook.surprises.push(`${server.name} lists no jobs of ${user.name}: ${String(error)}`);
        }
      }
    }
    return shown;
  }

  /** As whoever runs them ends them. */
  async #endAll(): Promise<readonly Violation[]> {
    const { servers } = this.#world;
    const statuses = await Promise.all(servers.map((server) => server.end()));
    const remains = (await Promise.all(servers.map((server) => server.remains()))).flat();
    const wrong = statuses.filter((status) => status !== 0).map((status) => `A server ended with ${status}`);
    return surprising([...remains, ...wrong]);
  }

  #summary(): readonly string[] {
    const troubles = this.#deaths.flatMap(({ trouble }) => trouble ?? []);
    return [
      `kills: ${this.#deaths.length} (${counted(this.#deaths.map(({ death }) => death))})`,
      `troubles before: ${troubles.length} (${counted(troubles)})`,
      ...summaryOf(this.#tail.events, this.#notebook.answers),
    ];
  }
}

function surprising(whats: readonly string[]): readonly Violation[] {
  return whats.map((what) => ({ rule: 'SURPRISE', what, jobIds: [] }));
}
