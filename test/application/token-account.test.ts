import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TokenAccount } from '../../src/application/token-account.js';
import { tokenStream } from '../../src/domain/streams.js';
import { EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { FaultyEventStore, landedUnnoticed, lost } from '../support/faulty-event-store.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
const caps = { perJob: 100, perDay: 250 };
const never = new AbortController().signal;
let stores: FaultyEventStore[] = [];

afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  stores = [];
});

async function openStore(): Promise<FaultyEventStore> {
  const store = new FaultyEventStore(
    await openSqliteEventStore({ file: path.join(folder(), 'events.sqlite') }),
  );
  stores.push(store);
  return store;
}

/** As many servers with one store; each has an account of its own. */
async function accounts(count: number, clock = { now: '2026-11-26T12:00:00.000Z' }) {
  const store = await openStore();
  const now = () => clock.now;
  return {
    store,
    clock,
    servers: Array.from({ length: count }, () => new TokenAccount({ store, caps, now })),
  };
}

function accountAt(servers: readonly TokenAccount[], index: number): TokenAccount {
  const account = servers[index];
  if (!account) throw new RangeError(`There is no server ${index}`);
  return account;
}

async function reserved(account: TokenAccount | undefined, jobId: string, tokens: number): Promise<string> {
  const reserving = await account?.reserve(jobId, tokens, never);
  if (reserving?.outcome !== 'RESERVED') throw new Error(`It said ${reserving?.outcome}`);
  return reserving.id;
}

const costIn = async (store: FaultyEventStore) => {
  const costs = new Map<string, number>();
  for (const { data } of await store.read(tokenStream)) costs.set(String(data?.id), Number(data?.tokens));
  return [...costs.values()].reduce((sum, tokens) => sum + tokens, 0);
};

describe('what models may cost', () => {
  it('is capped for all servers together, whoever asks at the same moment', async () => {
    const { store, servers } = await accounts(3);
    const controller = new AbortController();
    const asking = Array.from({ length: 30 }, (_, n) =>
      accountAt(servers, n % 3).reserve(`job-${n}`, 20, controller.signal),
    );

    await expect.poll(() => costIn(store)).toBe(240);
    controller.abort();
    const outcomes = await Promise.allSettled(asking);

    const isReserved = (each: (typeof outcomes)[number]) =>
      each.status === 'fulfilled' && each.value.outcome === 'RESERVED';
    expect(outcomes.filter(isReserved)).toHaveLength(12);
    expect(await costIn(store)).toBe(240);
  });

  it('is refused at once where other servers have used it up, with the time when it may go on', async () => {
    const { servers } = await accounts(2);
    for (const jobId of ['a', 'b', 'c']) await reserved(servers[0], jobId, 80);

    expect(await servers[1]?.reserve('d', 20, never)).toEqual({
      outcome: 'DAY_CAP_REACHED',
      resumesAt: '2026-11-27T00:00:00.000Z',
    });
  });

  it('is waited for where questions of this server have reserved more than they will cost', async () => {
    const { servers } = await accounts(1);
    const [account] = servers;
    const first = await reserved(account, 'job', 90);
    const waiting = account?.reserve('job', 60, never);

    await account?.settle(first, 30, never);

    expect(await waiting).toMatchObject({ outcome: 'RESERVED' });
  });

  it('is refused where nothing is open any longer that could cost less', async () => {
    const { servers } = await accounts(1);
    const [account] = servers;
    const first = await reserved(account, 'job', 90);
    const waiting = account?.reserve('job', 60, never);

    account?.leave(first);

    expect(await waiting).toEqual({ outcome: 'JOB_CAP_REACHED' });
  });

  it('is not waited for where it could never be enough', async () => {
    const { servers } = await accounts(1);
    await reserved(servers[0], 'job', 90);

    expect(await servers[0]?.reserve('job', 101, never)).toEqual({
      outcome: 'CAP_TOO_SMALL',
      cap: 'JOB',
      tokens: 101,
    });
  });

  it('is not waited for any longer by whoever was told to stop', async () => {
    const { servers } = await accounts(1);
    await reserved(servers[0], 'job', 90);
    const controller = new AbortController();
    const reason = new Error('canceled');
    const waiting = servers[0]?.reserve('job', 60, controller.signal);

    controller.abort(reason);

    await expect(waiting).rejects.toBe(reason);
  });

  it('counts what was asked and never heard of, after a restart, too', async () => {
    const { store, servers } = await accounts(1);
    await reserved(servers[0], 'job', 90);

    const afterwards = new TokenAccount({ store, caps, now: () => '2026-11-26T12:01:00.000Z' });

    expect(await afterwards.reserve('job', 20, never)).toEqual({ outcome: 'JOB_CAP_REACHED' });
  });

  it('begins anew on the next day, and what is older than the day before goes from the stream', async () => {
    const { store, servers, clock } = await accounts(1);
    const [account] = servers;
    for (const day of [24, 25, 26, 27]) {
      clock.now = `2026-11-${day}T12:00:00.000Z`;
      await account?.settle(await reserved(account, `job-${day}`, 100), 100, never);
    }
    await reserved(account, 'job-last', 1);

    const days = (await store.read(tokenStream)).map(({ data }) => String(data?.at).slice(8, 10));
    expect([...new Set(days)]).toEqual(['26', '27']);
    const afterwards = new TokenAccount({ store, caps, now: () => clock.now });
    await afterwards.settle(await reserved(afterwards, 'other', 100), 100, never);
    expect(await afterwards.reserve('another', 50, never)).toMatchObject({ outcome: 'DAY_CAP_REACHED' });
    expect(await afterwards.reserve('another', 49, never)).toMatchObject({ outcome: 'RESERVED' });
  });
});

describe('where the store falters', () => {
  it('an append whose outcome is unknown is repeated, and counts once', async () => {
    const { store, servers } = await accounts(1);
    store.onAppendOf('TokensReserved', landedUnnoticed);
    store.onAppendOf('TokensReserved', lost);

    await reserved(servers[0], 'job', 60);

    expect(await costIn(store)).toBe(60);
    expect(await store.read(tokenStream)).toHaveLength(1);
  });

  it('what could not be settled counts as it was reserved, and others do not wait for it', async () => {
    const { store, servers } = await accounts(1);
    const [account] = servers;
    const first = await reserved(account, 'job', 90);
    store.onAppendOf('TokensSettled', lost);

    await expect(account?.settle(first, 10, AbortSignal.abort())).rejects.toBeInstanceOf(
      EventStoreUnavailableError,
    );

    expect(await account?.reserve('job', 20, never)).toMatchObject({ outcome: 'JOB_CAP_REACHED' });
  });

  it('a foreign event in the stream is named, and nothing is reserved until the stream is deleted', async () => {
    const { store, servers } = await accounts(1);
    const [account] = servers;
    const first = await reserved(account, 'job', 60);
    const minted = { id: randomUUID(), type: 'TokenMinted', data: {} };
    await store.append(tokenStream, [minted], { expectedRevision: 0 });

    await account?.settle(first, 10, never);
    expect(await account?.reserve('job', 20, never)).toEqual({
      outcome: 'UNREADABLE',
      reason: expect.stringMatching(/^Event 1 of stream tokens \(TokenMinted\) cannot be read: /) as string,
    });

    await store.delete(tokenStream, { expectedRevision: 1 });

    // What it remembers still counts.
    expect(await account?.reserve('job', 41, never)).toMatchObject({ outcome: 'JOB_CAP_REACHED' });
    expect(await account?.reserve('job', 40, never)).toMatchObject({ outcome: 'RESERVED' });
  });
});
