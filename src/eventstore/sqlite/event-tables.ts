import type { Database, Statement } from 'better-sqlite3';
import type {
  AppendResult,
  ExpectedRevision,
  JsonObject,
  ReadOptions,
  RecordedEvent,
  StreamMetadata,
} from '../event-store.js';
import { WrongExpectedRevisionError } from '../event-store-errors.js';
import { isJsonObject } from '../is-json-object.js';
import { positionOf } from './position.js';

/** An event whose payload is text already. */
export interface SerializedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  /** Null where there are none. */
  readonly metadata: string | null;
}

/** An event as it lies in the table; see `recorded`. */
export interface EventRow extends SerializedEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
}

export interface EventPage {
  readonly rows: readonly EventRow[];
  /** There was nothing after it. */
  readonly isLast: boolean;
}

interface StreamRow {
  readonly id: number;
  readonly revision: number;
  readonly beginsAt: number;
  readonly truncateBefore: number;
  readonly maxCount: number | null;
}

const columns = 'e.position, s.name AS stream, e.revision, e.id, e.type, e.data, e.metadata';

/** Streams and events in their tables. Whoever writes sees to the transaction. */
export class EventTables {
  readonly #findStream: Statement<[name: string], StreamRow>;
  readonly #addStream: Statement<[name: string, revision: number]>;
  readonly #advanceStream: Statement<[revision: number, id: number]>;
  readonly #setMetadata: Statement<[truncateBefore: number, maxCount: number | null, id: number]>;
  readonly #endStream: Statement<[id: number]>;
  readonly #addEvent: Statement<
    [
      stream: number,
      revision: number,
      id: string,
      type: string,
      data: string,
      expectedAny: number,
      metadata: string | null,
    ]
  >;
  readonly #findEvents: Statement<
    [stream: number, first: number, last: number],
    { id: string; position: number }
  >;
  readonly #findAnywhere: Statement<[stream: number, id: string], { revision: number }>;
  readonly #cut: Statement<[stream: number, before: number]>;
  readonly #readForwards: Statement<[stream: string, from: number, limit: number], EventRow>;
  readonly #readBackwards: Statement<[stream: string, from: number, limit: number], EventRow>;
  readonly #readLog: Statement<[after: number], EventRow>;
  readonly #lastPosition: Statement<[], { position: number }>;

  constructor(db: Database) {
    this.#findStream = db.prepare(
      `SELECT id, revision, begins_at AS beginsAt, truncate_before AS truncateBefore, max_count AS maxCount
       FROM streams WHERE name = ?`,
    );
    this.#addStream = db.prepare('INSERT INTO streams (name, revision) VALUES (?, ?)');
    this.#advanceStream = db.prepare('UPDATE streams SET revision = ? WHERE id = ?');
    this.#setMetadata = db.prepare('UPDATE streams SET truncate_before = ?, max_count = ? WHERE id = ?');
    this.#endStream = db.prepare('UPDATE streams SET begins_at = revision + 1 WHERE id = ?');
    this.#addEvent = db.prepare(
      'INSERT INTO events (stream, revision, id, type, data, expected_any, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#findEvents = db.prepare(
      'SELECT id, position FROM events WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision',
    );
    this.#findAnywhere = db.prepare(
      'SELECT revision FROM events WHERE stream = ? AND id = ? AND expected_any = 1 LIMIT 1',
    );
    this.#cut = db.prepare('DELETE FROM events WHERE stream = ? AND revision < ?');
    const ofStream = `SELECT ${columns} FROM streams s JOIN events e ON e.stream = s.id WHERE s.name = ?`;
    this.#readForwards = db.prepare(`${ofStream} AND e.revision >= ? ORDER BY e.revision LIMIT ?`);
    this.#readBackwards = db.prepare(`${ofStream} AND e.revision <= ? ORDER BY e.revision DESC LIMIT ?`);
    // CROSS JOIN: the log in its order, and the stream of each event.
    this.#readLog = db.prepare(
      `SELECT ${columns} FROM events e CROSS JOIN streams s ON s.id = e.stream
       WHERE e.position > ? ORDER BY e.position`,
    );
    this.#lastPosition = db.prepare("SELECT seq AS position FROM sqlite_sequence WHERE name = 'events'");
  }

  /** @throws WrongExpectedRevisionError */
  append(name: string, events: readonly SerializedEvent[], expectedRevision: ExpectedRevision): AppendResult {
    const stream = this.#findStream.get(name);
    const next = (stream?.revision ?? -1) + 1;
    const first = this.#placeOf(events, expectedRevision, stream);
    if (first === next) return this.#add(name, stream, events, { first, expectedRevision });
    const repeated = stream && first !== undefined ? this.#repeated(stream, events, first) : undefined;
    if (repeated === undefined) throw new WrongExpectedRevisionError(name, expectedRevision);
    return repeated;
  }

  setMetadata(name: string, metadata: StreamMetadata): void {
    const stream = this.#findStream.get(name);
    if (stream && wasDeleted(stream)) return;
    const id = stream?.id ?? Number(this.#addStream.run(name, -1).lastInsertRowid);
    const { truncateBefore = 0, maxCount = null } = metadata;
    this.#setMetadata.run(truncateBefore, maxCount, id);
    if (stream) this.#cutOff({ ...stream, truncateBefore, maxCount }, stream.revision);
  }

  /** @throws WrongExpectedRevisionError */
  delete(name: string, expectedRevision: number): void {
    const stream = this.#findStream.get(name);
    if (!stream || (exists(stream) && stream.revision !== expectedRevision)) {
      throw new WrongExpectedRevisionError(name, expectedRevision);
    }
    this.#cut.run(stream.id, stream.revision + 1);
    this.#endStream.run(stream.id);
  }

  read(
    name: string,
    { direction = 'forwards', fromRevision, limit = Number.MAX_SAFE_INTEGER }: ReadOptions,
  ): readonly EventRow[] {
    return direction === 'forwards'
      ? this.#readForwards.all(name, fromRevision ?? 0, limit)
      : this.#readBackwards.all(name, fromRevision ?? Number.MAX_SAFE_INTEGER, limit);
  }

  /** The events of all streams after a position: at most so many, of so many characters, but at least one. */
  readLog(after: number, most: { readonly rows: number; readonly characters: number }): EventPage {
    const rows: EventRow[] = [];
    let characters = 0;
    for (const row of this.#readLog.iterate(after)) {
      rows.push(row);
      characters += row.data.length;
      if (rows.length >= most.rows || characters >= most.characters) return { rows, isLast: false };
    }
    return { rows, isLast: true };
  }

  /** Of the last event ever appended, whether or not it is still there. */
  get lastPosition(): number {
    return this.#lastPosition.get()?.position ?? 0;
  }

  /** The revision at which the first of these events belongs, or was put the first time. */
  #placeOf(
    events: readonly SerializedEvent[],
    expectedRevision: ExpectedRevision,
    stream: StreamRow | undefined,
  ): number | undefined {
    if (expectedRevision === 'no-stream') return stream?.beginsAt ?? 0;
    if (expectedRevision === 'any') {
      const known = stream && events[0] && this.#findAnywhere.get(stream.id, events[0].id);
      return known?.revision ?? (stream?.revision ?? -1) + 1;
    }
    // The revision of a stream that was deleted is nobody's to expect.
    return stream && expectedRevision >= stream.beginsAt ? expectedRevision + 1 : undefined;
  }

  #add(
    name: string,
    stream: StreamRow | undefined,
    events: readonly SerializedEvent[],
    { first, expectedRevision }: { readonly first: number; readonly expectedRevision: ExpectedRevision },
  ): AppendResult {
    const revision = first + events.length - 1;
    const id = stream?.id ?? Number(this.#addStream.run(name, revision).lastInsertRowid);
    if (stream) this.#advanceStream.run(revision, id);
    const expectedAny = expectedRevision === 'any' ? 1 : 0;
    let position = 0;
    events.forEach((event, index) => {
      const { id: eventId, type, data, metadata } = event;
      const added = this.#addEvent.run(id, first + index, eventId, type, data, expectedAny, metadata);
      position = Number(added.lastInsertRowid);
    });
    if (stream) this.#cutOff(stream, revision);
    return { revision, position: positionOf(position) };
  }

  /** The answer of the first time, where these very events are there. */
  #repeated({ id }: StreamRow, events: readonly SerializedEvent[], first: number): AppendResult | undefined {
    const revision = first + events.length - 1;
    const known = this.#findEvents.all(id, first, revision);
    const last = known.at(-1);
    const isSame = known.length === events.length && known.every((row, at) => row.id === events[at]?.id);
    return isSame && last ? { revision, position: positionOf(last.position) } : undefined;
  }

  /** Drops what the metadata of a stream at this revision do not keep. */
  #cutOff({ id, truncateBefore, maxCount }: StreamRow, revision: number): void {
    const before = Math.max(truncateBefore, maxCount === null ? 0 : revision - maxCount + 1);
    if (before > 0) this.#cut.run(id, before);
  }
}

export function recorded({ stream, revision, position, id, type, data, metadata }: EventRow): RecordedEvent {
  return {
    stream,
    revision,
    position: positionOf(position),
    id,
    type,
    data: payloadOf(data),
    ...(metadata !== null && { metadata: payloadOf(metadata) }),
  };
}

/** Undefined where somebody else wrote it. */
function payloadOf(text: string): JsonObject | undefined {
  try {
    const payload: unknown = JSON.parse(text);
    return isJsonObject(payload) ? payload : undefined;
  } catch {
    return undefined;
  }
}

/** A stream of which there are only metadata never was. */
function wasDeleted(stream: StreamRow): boolean {
  return !exists(stream) && stream.revision >= 0;
}

function exists({ revision, beginsAt }: StreamRow): boolean {
  return revision >= beginsAt;
}
