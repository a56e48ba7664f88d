import { randomUUID } from 'node:crypto';
import {
  ANY,
  BACKWARDS,
  END,
  EventStoreDBClient,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  START,
  StreamNotFoundError,
  streamNameFilter,
  UnavailableError,
  UnknownError,
  WrongExpectedVersionError,
  type JSONEventData,
  type ReadStreamOptions,
} from '@eventstore/db-client';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { eventStoreDbServers, type EventStoreDbServer } from '../support/eventstoredb/eventstoredb-server.js';
import { newStream } from './contract-events.js';

// What EventStoreDB does that the adapter has to know, as its bare client sees it: the server of our own does the same.
const startServer = eventStoreDbServers();
const realServer = process.env.EVENTSTORE_URL;
const client = EventStoreDBClient.connectionString(realServer ?? (await startServer()).url);

const streams = new Set<string>();
const ownStream = () => {
  const stream = newStream();
  streams.add(stream);
  return stream;
};
afterAll(async () => {
  for (const stream of streams) await client.deleteStream(stream).catch(() => undefined);
  await client.dispose();
});

const events = (count: number, data: Record<string, unknown> = {}) =>
  Array.from({ length: count }, () => jsonEvent({ id: randomUUID(), type: 'SomethingHappened', data }));

type Expected = typeof ANY | typeof NO_STREAM | bigint;
const append = (stream: string, batch: JSONEventData[], expectedRevision: Expected = ANY) =>
  client.appendToStream(stream, batch, { expectedRevision });

async function read(stream: string, options: ReadStreamOptions = {}) {
  const found = [];
  for await (const { event } of client.readStream(stream, options)) if (event) found.push(event);
  return found;
}
const revisions = async (stream: string) => (await read(stream)).map(({ revision }) => Number(revision));

describe('an append', () => {
  it('under a wrong revision says what it should have been', async () => {
    const stream = ownStream();
    await append(stream, events(3), NO_STREAM);

    const refused = append(stream, events(1), 7n);

    await expect(refused).rejects.toThrow(WrongExpectedVersionError);
    await expect(refused).rejects.toMatchObject({
      streamName: stream,
      expectedVersion: 7n,
      actualVersion: 2n,
    });
    await expect(append(ownStream(), events(1), 0n)).rejects.toMatchObject({ actualVersion: 'no_stream' });
  });

  it('of known ids succeeds with the original revision, also with other data, which are not stored', async () => {
    const stream = ownStream();
    const batch = events(2, { life: 1 });
    const { position } = await append(stream, batch, NO_STREAM);
    await append(stream, events(3), 1n);

    const again = batch.map((event) => ({ ...event, data: { life: 2 } }));

    expect(await append(stream, again, NO_STREAM)).toMatchObject({
      success: true,
      nextExpectedRevision: 1n,
      position,
    });
    expect((await read(stream))[0]?.data).toEqual({ life: 1 });
    expect(await revisions(stream)).toEqual([0, 1, 2, 3, 4]);
  });

  it.each<[string, Expected]>([
    ['no stream', NO_STREAM],
    ['nothing', ANY],
  ])(
    'of a leading part of known ids succeeds, of more than them fails, expecting %s',
    async (_, expected) => {
      const stream = ownStream();
      const batch = events(2);
      await append(stream, batch, expected);

      expect(await append(stream, batch.slice(0, 1), expected)).toMatchObject({ nextExpectedRevision: 0n });
      await expect(append(stream, [...batch, ...events(1)], expected)).rejects.toThrow(
        WrongExpectedVersionError,
      );
    },
  );

  it('of ids known in another stream, or the same id twice, stores it', async () => {
    const batch = events(1);
    await append(ownStream(), batch, NO_STREAM);
    const stream = ownStream();

    await append(stream, [...batch, ...batch], NO_STREAM);

    expect(await revisions(stream)).toEqual([0, 1]);
  });

  it('of ids of a deleted life succeeds, and stores nothing', async () => {
    const stream = ownStream();
    const batch = events(2);
    await append(stream, batch, NO_STREAM);
    await client.deleteStream(stream, { expectedRevision: 1n });

    expect(await append(stream, batch, ANY)).toMatchObject({ success: true, nextExpectedRevision: 1n });

    await expect(read(stream)).rejects.toThrow(StreamNotFoundError);
  });

  it('of nothing "succeeds"', async () => {
    expect(await append(ownStream(), [])).toMatchObject({ success: true, nextExpectedRevision: 0n });
  });

  it('may have 1 MiB', async () => {
    const kibibytes = (count: number) => events(1, { text: 'x'.repeat(count * 1024) });

    expect(await append(ownStream(), kibibytes(1023))).toMatchObject({ success: true });
    await expect(append(ownStream(), kibibytes(1025))).rejects.toThrow(MaxAppendSizeExceededError);
    expect(await append(ownStream(), events(1000))).toMatchObject({ nextExpectedRevision: 999n });
  });

  it('gives each event a position of its own, and answers with that of the last', async () => {
    const stream = ownStream();

    const { position } = await append(stream, events(3));

    const positions = (await read(stream)).map((event) => event.position);
    expect(new Set(positions.map((each) => each?.commit)).size).toBe(3);
    expect(positions.every((each) => each?.commit === each?.prepare)).toBe(true);
    expect(positions.at(-1)).toEqual(position);
  });
});

describe('a read', () => {
  it('of no stream fails, beyond the end gives nothing, as does one of which all was cut', async () => {
    const stream = ownStream();
    await expect(read(stream)).rejects.toThrow(StreamNotFoundError);

    await append(stream, events(2));
    expect(await read(stream, { fromRevision: 2n })).toEqual([]);

    await client.setStreamMetadata(stream, { truncateBefore: 2 });
    expect(await read(stream)).toEqual([]);
    await expect(append(stream, events(1), NO_STREAM)).rejects.toThrow(WrongExpectedVersionError);
    expect(await append(stream, events(1), 1n)).toMatchObject({ nextExpectedRevision: 2n });
  });

  it('of the log gives what was cut or deleted, and what is of the system', async () => {
    const stream = ownStream();
    const { position = START } = await append(stream, events(3));
    await client.setStreamMetadata(stream, { truncateBefore: 3 });
    await client.deleteStream(stream, { expectedRevision: 2n });

    const found = [];
    for await (const { event } of client.readAll({ fromPosition: position })) {
      if (event?.streamId.endsWith(stream)) found.push(`${event.streamId} ${event.revision}`);
    }

    expect(found).toEqual([`${stream} 2`, `$$${stream} 0`, `$$${stream} 1`]);
  });

  it('of the log from its end gives the last event', async () => {
    const { position } = await append(ownStream(), events(1));

    const found = [];
    const last = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
    for await (const { event } of last) if (event?.position) found.push(event.position.commit);

    expect(found).toHaveLength(1);
    expect(found[0]).toBeGreaterThanOrEqual(position?.commit ?? 0n);
  });
});

describe('a deleted stream', () => {
  it('goes on with its revisions, and may be deleted again at the same one', async () => {
    const stream = ownStream();
    await append(stream, events(3));
    await client.deleteStream(stream, { expectedRevision: 2n });
    await client.deleteStream(stream, { expectedRevision: 2n });
    await expect(read(stream)).rejects.toThrow(StreamNotFoundError);
    const { metadata } = await client.getStreamMetadata(stream);
    expect(metadata?.truncateBefore).toBe(9223372036854776000);

    expect(await append(stream, events(1), NO_STREAM)).toMatchObject({ nextExpectedRevision: 3n });

    expect(await revisions(stream)).toEqual([3]);
  });

  it('is none that never was, or that is not at this revision', async () => {
    const stream = ownStream();
    await expect(client.deleteStream(stream, { expectedRevision: 0n })).rejects.toThrow(
      WrongExpectedVersionError,
    );
    await append(stream, events(2));
    await expect(client.deleteStream(stream, { expectedRevision: 0n })).rejects.toThrow(
      WrongExpectedVersionError,
    );
  });
});

describe('a subscription', () => {
  it('is confirmed, gives the history, a mark, then what comes, some of it before it is acknowledged', async () => {
    const stream = ownStream();
    await append(stream, events(2));
    const told: string[] = [];
    const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes: [stream] }) });
    let isCaughtUp: () => void = () => undefined;
    const caughtUp = new Promise<void>((resolve) => (isCaughtUp = resolve));
    subscription
      .on('confirmation', () => told.push('confirmation'))
      .on('caughtUp', () => {
        told.push('caughtUp');
        isCaughtUp();
      })
      .on('data', ({ event }) => told.push(`event ${event?.revision}`));
    await caughtUp;
    expect(told).toEqual(['confirmation', 'event 0', 'event 1', 'caughtUp']);

    let early = 0;
    for (let revision = 2; revision < 42; revision++) {
      await append(stream, events(1));
      if (told.includes(`event ${revision}`)) early += 1;
    }
    await expect.poll(() => told.at(-1)).toBe('event 41');
    await subscription.unsubscribe();

    // How many these are is up to a real server.
    if (!realServer) expect(early).toBeGreaterThan(0);
    expect(told).toHaveLength(44);
  });
});

describe.skipIf(realServer)('where the server of our own goes away, its client', () => {
  const clients: EventStoreDBClient[] = [];
  const connect = async (server: EventStoreDbServer) => {
    const connected = EventStoreDBClient.connectionString(server.url);
    clients.push(connected);
    await connected.appendToStream('some-stream', events(1));
    return connected;
  };
  afterEach(() => Promise.all(clients.splice(0).map((each) => each.dispose())));

  it('sees UNAVAILABLE, in two forms', async () => {
    const server = await startServer();
    const connected = await connect(server);
    await server.onNextAppends('lost');
    const broken = connected.appendToStream('some-stream', events(1));
    await expect(broken).rejects.toThrow(UnavailableError);
    await expect(broken).rejects.toMatchObject({ code: 14 });

    await server.kill();
    const refused = connected.appendToStream('some-stream', events(1));
    await expect(refused).rejects.toMatchObject({
      code: 14,
      message: expect.stringContaining('No connection established') as unknown,
    });
    await expect(refused).rejects.not.toThrow(UnavailableError);
  });

  it('sees that it is not ready', async () => {
    const server = await startServer();
    const connected = await connect(server);
    await server.becomeUnready();

    const refused = connected.appendToStream('some-stream', events(1));

    await expect(refused).rejects.toThrow(UnknownError);
    await expect(refused).rejects.toThrow('Could not recognize Server Is Not Ready');
  });

  it('sees the call end in silence', async () => {
    const server = await startServer();
    const connected = await connect(server);
    await server.onNextAppends('reset');

    const refused = connected.appendToStream('some-stream', events(1));

    await expect(refused).rejects.toThrow(UnknownError);
    await expect(refused).rejects.toMatchObject({
      code: 13,
      message: expect.stringContaining('Received RST_STREAM with code 0') as unknown,
    });
  });
});
