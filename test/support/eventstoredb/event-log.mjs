// What EventStoreDB was seen to do with streams: revisions, ids, metadata, deletion. The log may lie in a file, which
// outlives a killed process.
import { randomUUID } from 'node:crypto';
import { existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** The metadata of a deleted stream; as a JSON number it reaches JavaScript as 9223372036854776000. */
const deletedMetadata = Buffer.from('{"$tb":9223372036854775807}');

/** The event that ends a stream for ever, at the last revision that there is. */
const tombstone = '$streamDeleted';
const lastRevision = 9223372036854775807n;

export class EventLog {
  /** In the order of the log. */
  records = [];
  #streams = new Map();
  #tombstoned = new Set();
  /** Where an id was stored last: what an append without expectation knows; a restart forgets it. */
  #idsOfThisRun = new Map();
  #listeners = new Set();
  #file;

  constructor(file) {
    if (file === undefined) return;
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    // The last line is empty, or was not written to its end.
    for (const line of text.split('\n').slice(0, -1)) this.#add(JSON.parse(line));
    this.#idsOfThisRun.clear();
    this.#file = openSync(file, 'a');
  }

  /** To be asked first: the stream, or the metadata of one that was deleted for ever. */
  isTombstoned(stream) {
    return this.#tombstoned.has(stream.startsWith('$$') ? stream.slice(2) : stream);
  }

  /** @returns {{isWrong: true, current: number} | {revision: number, position: bigint | undefined}} */
  append(stream, events, expected) {
    const current = this.#lastRevision(stream);
    // As it was seen: an append of nothing "succeeds".
    if (events.length === 0) return { revision: 0, position: undefined };
    const place = this.#placeOf(stream, events, expected, current);
    if (place === 'wrong') return { isWrong: true, current };
    if (place !== 'new') return { revision: place, position: this.#visiblePosition(stream, place) };
    // Metadata bring a deleted stream back to life, too: empty, at its old revision.
    const revived = stream.startsWith('$$') ? stream.slice(2) : stream;
    const wasDeleted = this.isDeleted(revived);
    const last = this.#write(stream, events);
    if (wasDeleted) {
      const $tb = stream === revived ? current + 1 : this.#lastRevision(revived) + 1;
      this.#writeMetadata(revived, { ...this.#metadata(revived), $tb });
    }
    return { revision: last.revision, position: last.position };
  }

  /** @returns whether it was at this revision */
  delete(stream, expected) {
    const current = this.#lastRevision(stream);
    if (current < 0 || (expected !== 'any' && expected !== current)) return { isWrong: true, current };
    const type = '$metadata';
    const last = this.#write(`$$${stream}`, [
      { id: randomUUID(), type, contentType: 'application/json', data: deletedMetadata },
    ]);
    return { position: last.position };
  }

  /** Deletes a stream for ever, whatever its revision is. */
  tombstone(stream) {
    return this.#write(stream, [
      { id: randomUUID(), type: tombstone, contentType: 'application/octet-stream', data: Buffer.alloc(0) },
    ]);
  }

  /** Undefined: there is no such stream, or it was deleted. */
  visible(stream) {
    const records = this.#streams.get(stream);
    if (!records || this.isDeleted(stream)) return undefined;
    const { $tb = 0, $maxCount } = stream.startsWith('$$') ? { $maxCount: 1 } : this.#metadata(stream);
    const first = Math.max($tb, $maxCount === undefined ? 0 : records.length - $maxCount);
    return records.slice(first);
  }

  isDeleted(stream) {
    return this.#metadata(stream).$tb > Number.MAX_SAFE_INTEGER;
  }

  /** Where in the log what follows this position begins. */
  indexAfter(position) {
    let [low, high] = [0, this.records.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.records[middle].position > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  onGrown(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @returns 'new', 'wrong', or the revision of the last event where they are known */
  #placeOf(stream, events, expected, current) {
    if (expected === 'any') {
      const known = events
        .map(({ id }) => this.#idsOfThisRun.get(id))
        .map((at) => (at?.stream === stream ? at : undefined));
      if (known[0] === undefined) return 'new';
      return known.includes(undefined) ? 'wrong' : known.at(-1).revision;
    }
    const before = expected === 'no-stream' ? -1 : expected;
    if (before === current) return 'new';
    if (before > current) return 'wrong';
    const records = this.#streams.get(stream);
    const differing = events.findIndex(({ id }, index) => records[before + 1 + index]?.id !== id);
    if (differing < 0) return before + events.length;
    return differing === 0 && expected === 'no-stream' && this.isDeleted(stream) ? 'new' : 'wrong';
  }

  #write(stream, events) {
    const entry = {
      stream,
      created: Date.now(),
      events: events.map(({ id, type, contentType, data, metadata = Buffer.alloc(0) }) => ({
        id,
        type,
        contentType,
        data: Buffer.from(data).toString('base64'),
        metadata: Buffer.from(metadata).toString('base64'),
      })),
    };
    // One line for all of them: all or none are there after a kill.
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    const last = this.#add(entry);
    for (const listener of this.#listeners) listener();
    return last;
  }

  #add({ stream, created, events }) {
    const ofStream = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, ofStream);
    for (const { data, metadata, ...event } of events) {
      const before = this.records.at(-1);
      const record = {
        ...event,
        stream,
        created,
        data: Buffer.from(data, 'base64'),
        metadata: Buffer.from(metadata, 'base64'),
        revision: event.type === tombstone ? lastRevision : ofStream.length,
        // As in the real one: where it begins in the files.
        position: before ? before.position + BigInt(100 + before.data.length) : 0n,
      };
      this.records.push(record);
      ofStream.push(record);
      if (event.type === tombstone) this.#tombstoned.add(stream);
      this.#idsOfThisRun.set(record.id, record);
    }
    return this.records.at(-1);
  }

  #lastRevision(stream) {
    return (this.#streams.get(stream)?.length ?? 0) - 1;
  }

  #visiblePosition(stream, revision) {
    return this.visible(stream)?.find((record) => record.revision === revision)?.position;
  }

  #metadata(stream) {
    const last = this.#streams.get(`$$${stream}`)?.at(-1);
    return last ? JSON.parse(last.data.toString()) : {};
  }

  #writeMetadata(stream, metadata) {
    const data = Buffer.from(JSON.stringify(metadata));
    this.#write(`$$${stream}`, [
      { id: randomUUID(), type: '$metadata', contentType: 'application/json', data },
    ]);
  }
}
