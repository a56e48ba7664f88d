import type { Claim } from '../../src/domain/decide-job.js';
import { budgetIdOf, jobIdOf, jobPrefix, jobStream, lanePrefix } from '../../src/domain/streams.js';
import { toldBy, type Told } from './job-rules.js';
import { queueOf, type Queued } from './lane-rules.js';
import { Streams, type ModelStream } from './model-store.js';
import { isSameClaim } from './task.js';
import type { World } from './world.js';

/** What can be seen in a world by whoever sees all of it. */
export class View {
  readonly streams = new Streams();
  readonly #told = new Map<number, Told>();
  readonly #queues = new Map<number, readonly Queued[]>();

  told({ store }: Pick<World, 'store'>, jobId: string): Told {
    const stream = this.streams.get(store, jobStream(jobId));
    return remembered(this.#told, stream, toldBy);
  }

  /** Jobs that have a first event, and ids that stand for another job. */
  jobsOf(world: Pick<World, 'store'>): readonly { readonly jobId: string; readonly job: Told }[] {
    return [...world.store]
      .filter(([name, { events }]) => name.startsWith(jobPrefix) && events.length > 0)
      .map(([name]) => ({ jobId: jobIdOf(name), job: this.told(world, jobIdOf(name)) }));
  }

  lanesOf({ store }: Pick<World, 'store'>): readonly { laneId: string; queue: readonly Queued[] }[] {
    return [...store]
      .filter(([name]) => name.startsWith(lanePrefix))
      .map(([name, stream]) => ({
        laneId: budgetIdOf(name),
        queue: remembered(this.#queues, stream, queueOf),
      }));
  }

  queueOf(world: Pick<World, 'store'>, budgetId: string): readonly Queued[] {
    return this.lanesOf(world).find(({ laneId }) => laneId === budgetId)?.queue ?? [];
  }

  /** Whether a lane has to let the job go. */
  isSettled(world: Pick<World, 'store'>, jobId: string, laneId: string): boolean {
    const { request, isActive } = this.told(world, jobId);
    return request !== null && (!isActive || request.budgetId !== laneId);
  }

  /** Whether some server is at work on a claim, or about to be. */
  isHeld({ servers }: World, jobId: string, claim: Claim): boolean {
    return servers.some(({ reservations }) =>
      reservations.some((each) => each.jobId === jobId && isSameClaim(each.claim, claim)),
    );
  }
}

export function remembered<T>(
  known: Map<number, T>,
  stream: ModelStream,
  find: (stream: ModelStream) => T,
): T {
  const before = known.get(stream.id);
  if (before !== undefined) return before;
  const found = find(stream);
  known.set(stream.id, found);
  return found;
}
