import { randomUUID } from 'node:crypto';
import {
  BACKWARDS,
  END,
  FORWARDS,
  MaxAppendSizeExceededError,
  START,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import type {
  AppendOptions,
  AppendResult,
  EventStore,
  NewEvent,
  Position,
  ReadOptions,
  RecordedEvent,
  StreamMetadata,
  SubscribeOptions,
  SubscriptionItem,
} from '../event-store.js';
import {
  AppendTooLargeError,
  StreamTombstonedError,
  WrongExpectedRevisionError,
} from '../event-store-errors.js';
import type { AppendBatch } from './append-request.js';
import { Appender } from './appender.js';
import { createClient } from './client.js';
import { Connection, type ConnectionLog } from './connection.js';
import { lastPositionIn } from './log-end.js';
import { isPosition, logPositionOf, positionOf } from './position.js';
import { recorded } from './recorded-event.js';
import { isDeleted, metadataStream, replacementOf } from './stream-metadata.js';
import { subscription } from './subscription.js';

/** What the server takes at once, unless somebody has set it otherwise there. */
const largestAppendBytes = 1024 * 1024;

/**
 * The event store at an address such as `esdb://localhost:2113?tls=false`. It need not be there yet: until it is,
 * methods throw EventStoreUnavailableError, and subscriptions wait.
 *
 * @throws EventStoreOpenError the address is malformed; what is wrong with it otherwise is told by what is done first
 */
export function openEventStoreDb({
  url,
  log,
}: {
  readonly url: string;
  readonly log?: ConnectionLog;
}): EventStore {
  return new EventStoreDbEventStore(new Connection(createClient(url), log));
}

/** The event store in an EventStoreDB, which others may use, too. */
class EventStoreDbEventStore implements EventStore {
  readonly #connection: Connection;
  readonly #appender: Appender;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#appender = new Appender(connection);
  }

  /** @throws RangeError no events */
  async append(
    stream: string,
    events: readonly NewEvent[],
    { expectedRevision }: AppendOptions,
  ): Promise<AppendResult> {
    // The server would answer that it had appended them.
    if (events.length === 0) throw new RangeError('An append needs at least one event');
    const batch = {
      stream,
      events: events.map(({ id, type, data, metadata }) => ({
        ...{ id, type, data: Buffer.from(JSON.stringify(data)) },
        metadata: Buffer.from(metadata ? JSON.stringify(metadata) : ''),
      })),
      expectedRevision,
    };
    if (sizeOf(batch) > largestAppendBytes) throw new AppendTooLargeError(stream, largestAppendBytes);
    try {
      const { revision, position } = await this.#appender.append(batch);
      return { revision, position: position ?? (await this.#firstPositionFrom(stream, revision)) };
    } catch (error) {
      if (error instanceof MaxAppendSizeExceededError) {
        throw new AppendTooLargeError(stream, error.maxAppendSize);
      }
      if (error instanceof StreamDeletedError) throw new StreamTombstonedError(stream);
      if (!(error instanceof WrongExpectedVersionError)) throw error;
      const repeated = expectedRevision === 'no-stream' ? await this.#repeated(batch) : undefined;
      if (!repeated) throw new WrongExpectedRevisionError(stream, expectedRevision);
      return repeated;
    }
  }

  async read(
    stream: string,
    { direction = 'forwards', fromRevision, limit = Number.MAX_SAFE_INTEGER }: ReadOptions = {},
  ): Promise<readonly RecordedEvent[]> {
    const [towards, beginning] =
      direction === 'forwards' ? ([FORWARDS, START] as const) : ([BACKWARDS, END] as const);
    const options = {
      direction: towards,
      fromRevision: fromRevision === undefined ? beginning : BigInt(fromRevision),
      maxCount: limit,
    };
    try {
      const events = await this.#connection.readAll(() =>
        this.#connection.client.readStream(stream, options),
      );
      return events.flatMap(({ event }) => (event ? [recorded(event)] : []));
    } catch (error) {
      if (error instanceof StreamNotFoundError || error instanceof StreamDeletedError) return [];
      throw error;
    }
  }

  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionItem> {
    return subscription(this.#connection, options);
  }

  get trouble(): string | undefined {
    return this.#connection.trouble;
  }

  isPosition(text: string): boolean {
    return isPosition(text);
  }

  /** A position is a place in the server's files. */
  async progressAt(position: Position): Promise<number> {
    const { commit } = logPositionOf(position);
    const end = (await lastPositionIn(this.#connection))?.commit ?? 0n;
    return end > commit ? Number(commit) / Number(end) : 1;
  }

  async setMetadata(stream: string, metadata: StreamMetadata): Promise<void> {
    for (;;) {
      const present = await this.#metadataOf(stream);
      // Any metadata would bring it back to life.
      if (isDeleted(present)) return;
      const event = { id: randomUUID(), type: '$metadata', data: replacementOf(present, metadata) };
      try {
        const expectedRevision = present?.revision ?? 'no-stream';
        await this.append(metadataStream(stream), [event], { expectedRevision });
        return;
      } catch (error) {
        // With the stream its metadata are gone for ever.
        if (error instanceof StreamTombstonedError) return;
        // Somebody else replaced them, or deleted the stream.
        if (!(error instanceof WrongExpectedRevisionError)) throw error;
      }
    }
  }

  async delete(stream: string, { expectedRevision }: { readonly expectedRevision: number }): Promise<void> {
    const options = { expectedRevision: BigInt(expectedRevision) };
    try {
      await this.#connection.ask(() => this.#connection.client.deleteStream(stream, options));
    } catch (error) {
      if (error instanceof StreamDeletedError) return;
      if (!(error instanceof WrongExpectedVersionError)) throw error;
      if (isDeleted(await this.#metadataOf(stream))) return;
      throw new WrongExpectedRevisionError(stream, expectedRevision);
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /**
   * The answer of the first time, where the stream began with these very events. The server recognises them by
   * their revisions, which do not begin at 0 where the stream was deleted before.
   */
  async #repeated({ stream, events }: AppendBatch): Promise<AppendResult | undefined> {
    const known = await this.read(stream, { limit: events.length });
    const last = known.at(-1);
    const isSame = known.length === events.length && known.every(({ id }, at) => id === events[at]?.id);
    return isSame && last ? { revision: last.revision, position: last.position } : undefined;
  }

  /** For a repeated append whose events were cut meanwhile: whoever has seen this one has seen them. */
  async #firstPositionFrom(stream: string, revision: number): Promise<Position> {
    const [event] = await this.read(stream, { fromRevision: revision, limit: 1 });
    return event?.position ?? positionOf({ commit: 0n, prepare: 0n });
  }

  async #metadataOf(stream: string): Promise<RecordedEvent | undefined> {
    const [last] = await this.read(metadataStream(stream), { direction: 'backwards', limit: 1 });
    return last;
  }
}

function sizeOf({ events }: AppendBatch): number {
  return events.reduce(
    (sum, { type, data, metadata }) => sum + Buffer.byteLength(type) + data.length + metadata.length,
    0,
  );
}
