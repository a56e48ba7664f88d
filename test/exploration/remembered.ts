import { JobStreams, type LoadedJob } from '../../src/application/job-streams.js';
import { LaneStreams, type LoadedLane } from '../../src/application/lane-streams.js';
import type { Moment } from '../../src/application/moment.js';
import { jobStream } from '../../src/domain/streams.js';
import type { EventStore, JsonObject } from '../../src/eventstore/event-store.js';
import { positionText } from './model-store.js';
import type { Host } from './program.js';
import type { MakeParts } from './real-code.js';
import type { Recall } from './task.js';

type Remember = Host['remember'];

/** What the moments of a task stand for: what whoever knows a stream from later knows at least. */
class Moments {
  readonly #recalls = new Map<string, Recall>();

  note(moment: Moment, jobId: string, before: string): void {
    this.#recalls.set(`${moment} ${jobId}`, { about: jobId, before });
  }

  recall(moment: Moment, jobId: string): Recall {
    return this.#recalls.get(`${moment} ${jobId}`) ?? {};
  }

  /** The job of which a moment was noted. */
  recallOfAny(moment: Moment): Recall {
    return [...this.#recalls].find(([key]) => key.startsWith(`${moment} `))?.[1] ?? {};
  }
}

/** A server remembers each job as it was at any time since it was begun. */
class RememberedJobs extends JobStreams {
  readonly #moments: Moments;
  readonly #remember: Remember;
  readonly #known = new Set<string>();

  constructor(store: EventStore, moments: Moments, remember: Remember) {
    super(store);
    this.#moments = moments;
    this.#remember = remember;
  }

  override async load(jobId: string, signal: AbortSignal): Promise<LoadedJob> {
    const loaded = await super.load(jobId, signal);
    this.#known.add(jobId);
    this.#moments.note(loaded.existedBy, jobId, loaded.since ?? 'the end');
    return loaded;
  }

  override recall(jobId: string, signal: AbortSignal, since: Moment = 0): Promise<LoadedJob> {
    if (this.#known.has(jobId)) return super.recall(jobId, signal, since);
    return this.#remember(this.#moments.recall(since, jobId), () => this.load(jobId, signal));
  }

  override append(...args: Parameters<JobStreams['append']>) {
    this.#known.add(args[0]);
    return super.append(...args);
  }
}

/** A server remembers each lane as it was at any time, also after it has read it again. */
class RememberedLanes extends LaneStreams {
  readonly #store: EventStore;
  readonly #now: () => string;
  readonly #moments: Moments;
  readonly #remember: Remember;

  constructor(store: EventStore, now: () => string, moments: Moments, remember: Remember) {
    super(store, now);
    this.#store = store;
    this.#now = now;
    this.#moments = moments;
    this.#remember = remember;
  }

  override async load(budgetId: string, signal: AbortSignal): Promise<LoadedLane> {
    const admittedAt = new Map<string, string>();
    const watched: Pick<EventStore, 'read'> = {
      read: async (...args) => {
        const events = await this.#store.read(...args);
        for (const { type, data, position } of events) {
          if (type === 'JobAdmitted') admittedAt.set(String(data?.jobId), position);
        }
        return events;
      },
    };
    const loaded = await new LaneStreams({ ...this.#store, ...watched }, this.#now).load(budgetId, signal);
    for (const [jobId, position] of admittedAt) this.#moments.note(loaded.learnedBy, jobId, position);
    return loaded;
  }

  override recall(budgetId: string, signal: AbortSignal, since: Moment = 0): Promise<LoadedLane> {
    return this.#remember(this.#moments.recallOfAny(since), () => this.load(budgetId, signal));
  }
}

export const rememberingParts: MakeParts = (store, now, remember) => {
  const moments = new Moments();
  return {
    jobs: new RememberedJobs(store, moments, remember),
    lanes: new RememberedLanes(store, now, moments, remember),
  };
};

/** How many events of a stream a server that remembers it has seen at least. */
export function fewestRemembered(
  name: string,
  events: readonly { readonly data: JsonObject; readonly position: number }[],
  { about, before = '' }: Recall,
): number {
  if (about === undefined) return name.startsWith('job-') ? Math.min(1, events.length) : 0;
  const isJobs = name === jobStream(about);
  const last = events.findLastIndex(
    ({ data, position }) =>
      (isJobs || data.jobId === about) && (before === 'the end' || positionText(position) < before),
  );
  return Math.max(last + 1, isJobs ? Math.min(1, events.length) : 0);
}
