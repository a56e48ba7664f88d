import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from '../support/api-client.js';
import { hasEnded, jobUpdates } from '../support/jobs-api.js';
import type { ChaosServer } from './chaos-server.js';
import { followerOf, type Notebook } from './notebook.js';
import type { User } from './users.js';

interface FollowOptions {
  /** Resolves with one that is ready; null: it is over. */
  readonly anyServer: () => Promise<ChaosServer | null>;
  readonly notebook: Notebook;
}

/** Who lost a connection waits a moment, as clients do (milliseconds). */
const reconnectMs = 20;

/** Follows all jobs of a user, from their beginning, over whatever happens to servers and connections. */
export async function follow(user: User, { anyServer, notebook }: FollowOptions): Promise<void> {
  let after = '';
  for (;;) {
    const server = await anyServer();
    if (!server) return;
    try {
      for await (const job of jobUpdates(server.clientOf(user), { after })) {
        notebook.saw(followerOf(user.name), job);
        if (job.position > after) after = job.position;
      }
    } catch (error) {
      noteRefusal(error, `${server.name} refused ${user.name}'s follower after ${after}`, notebook);
    }
    await pause(reconnectMs);
  }
}

/** Follows one job until it has ended or the connection is lost, as a new witness. */
export async function watch(
  user: User,
  jobId: string,
  {
    server,
    notebook,
    witness,
  }: { readonly server: ChaosServer; readonly notebook: Notebook; readonly witness: string },
): Promise<void> {
  try {
    for await (const job of jobUpdates(server.clientOf(user), { jobId })) {
      notebook.saw(witness, job);
      if (hasEnded(job)) return;
    }
  } catch (error) {
    noteRefusal(error, `${server.name} refused ${witness}`, notebook);
  }
}

/** Connections break, and a store may be away; nothing else keeps somebody from following. */
function noteRefusal(error: unknown, what: string, { surprises }: Notebook): void {
  if (!(error instanceof ApiError) || error.code === 'EVENT_STORE_UNAVAILABLE') return;
  surprises.push(`${what}: ${String(error.code)} ${error.message}`);
}
