import type { JobDirectory } from './job-directory.js';
import type { LaneStreams, LoadedLane } from './lane-streams.js';

/**
 * Drops what lies before a lane's oldest admission that is not released, where that is more than `longest`
 * events: it is not needed any longer, and holds the requests of jobs that are gone.
 *
 * @throws EventStoreUnavailableError when `signal` was aborted
 */
export async function cutLane(
  budgetId: string,
  { settled, position }: LoadedLane,
  {
    lanes,
    directory,
    longest,
    signal,
  }: {
    readonly lanes: LaneStreams;
    readonly directory: Pick<JobDirectory, 'caughtUpTo'>;
    readonly longest: number;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  if (settled.count <= longest || position === null) return;
  // The read side must not miss a release because its event was cut.
  await directory.caughtUpTo(position);
  await lanes.cut(budgetId, settled.before, signal);
}
