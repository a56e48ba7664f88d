import { jobPrefix, lanePrefix } from '../src/domain/streams.js';
import type { EventStore, ReadOptions, RecordedEvent } from '../src/eventstore/event-store.js';
import { untilAvailable } from '../src/eventstore/until-available.js';
import type { ReadDatabase } from './read-database.js';

/** An event that was applied, the last one of its stream. */
export type Landmark = Pick<RecordedEvent, 'stream' | 'revision' | 'id' | 'position'>;

/** What landmarks tell of a log: the one that was applied, another one, or neither. */
export type Likeness = 'SAME' | 'OTHER' | 'UNKNOWN';

/** Streams of jobs are deleted, maybe many at once, and lanes are cut; but hardly all that changed last. */
const mostOfAKind = 10;

const kinds = [jobPrefix, lanePrefix];

/**
 * By what a log is known again: positions have the same form in every log, so that a checkpoint of one would leave out
 * events of another without a word.
 */
export class Landmarks {
  readonly #database: ReadDatabase;

  constructor(database: ReadDatabase) {
    this.#database = database;
  }

  /** What was applied does not count any longer. */
  clear(): void {
    this.#database.run('DELETE FROM landmarks');
  }

  /** Somebody deleted it, or cut it, for a reason that has nothing to do with the log. */
  forget(stream: string): void {
    this.#database.run('DELETE FROM landmarks WHERE stream = ?', stream);
  }

  /** To be called in the transaction that applies the events. */
  save(applied: readonly Landmark[]): void {
    for (const kind of kinds) {
      const isOfKind = ({ stream }: Landmark) => stream.startsWith(kind);
      for (const landmark of applied.filter(isOfKind).slice(-mostOfAKind)) this.#put(landmark);
      this.#forgetOldest(kind);
    }
  }

  /**
   * Whether a log is the one that was applied, as far as its last events tell.
   *
   * @throws EventStoreUnavailableError when `signal` was aborted
   */
  async likenessOf(store: Pick<EventStore, 'read'>, signal: AbortSignal): Promise<Likeness> {
    const landmarks = this.#database.all<Landmark>('SELECT stream, revision, id, position FROM landmarks');
    const found = await Promise.all(landmarks.map((landmark) => find(landmark, store, signal)));
    if (found.includes('NOT_THERE')) return 'OTHER';
    return found.includes('THERE') ? 'SAME' : 'UNKNOWN';
  }

  #put({ stream, revision, id, position }: Landmark): void {
    this.#database.run(
      `INSERT INTO landmarks (stream, revision, id, position) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET revision = excluded.revision, id = excluded.id, position = excluded.position
       WHERE excluded.revision > revision`,
      stream,
      revision,
      id,
      position,
    );
  }

  #forgetOldest(kind: string): void {
    this.#database.run(
      `DELETE FROM landmarks WHERE stream GLOB ? AND position <= (
         SELECT position FROM landmarks WHERE stream GLOB ? ORDER BY position DESC LIMIT 1 OFFSET ${mostOfAKind})`,
      `${kind}*`,
      `${kind}*`,
    );
  }
}

async function find(
  landmark: Landmark,
  store: Pick<EventStore, 'read'>,
  signal: AbortSignal,
): Promise<'THERE' | 'NOT_THERE' | 'UNKNOWN'> {
  const { stream, revision } = landmark;
  const read = (options: ReadOptions) => untilAvailable(() => store.read(stream, options), signal);
  const [next] = await read({ fromRevision: revision, limit: 1 });
  if (next?.revision === revision) {
    return next.id === landmark.id && next.position === landmark.position ? 'THERE' : 'NOT_THERE';
  }
  // Cut since.
  if (next) return 'UNKNOWN';
  const [last] = await read({ direction: 'backwards', limit: 1 });
  // It ends before; or it is gone, which lanes never are.
  return last || stream.startsWith(lanePrefix) ? 'NOT_THERE' : 'UNKNOWN';
}
