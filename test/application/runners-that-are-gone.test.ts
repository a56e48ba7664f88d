import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { RunnerStreams } from '../../src/application/runner-streams.js';
import { RunnerWatch } from '../../src/application/runner-watch.js';
import type { Claim } from '../../src/domain/decide-job.js';
import { runnerStream } from '../../src/domain/streams.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { FaultyEventStore } from '../support/faulty-event-store.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
const stores: FaultyEventStore[] = [];
afterEach(() => Promise.all(stores.splice(0).map((store) => store.close())));

const goneAfterMs = 20_000;
const own = 'runner-1';
const foreign: Claim = { step: 1, attempt: 1, runnerId: 'runner-2' };
const longAgo = '0';
const justNow = '9';

async function watch({ mayBeCopy = false } = {}) {
  const store = new FaultyEventStore(
    await openSqliteEventStore({ file: path.join(folder(), 'events.sqlite') }),
  );
  stores.push(store);
  let now = 0;
  const gone: string[] = [];
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };
  const watching = new RunnerWatch({
    runnerId: own,
    bootId: 'this-boot',
    mayBeCopy,
    streams: new RunnerStreams(store),
    goneAfterMs,
    heartbeatIntervalMs: 5_000,
    onGone: (jobId) => gone.push(jobId),
    elapsed: () => now,
    log,
  });
  watching.start('5');
  /** Time passes, in which it listens once a second. */
  const listenFor = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      now += 1_000;
      await watching.look();
    }
  };
  const beat = async (runnerId = foreign.runnerId, bootId = 'other-boot') => {
    const data = { v: 1, at: '2026-01-01T00:00:00.000Z', bootId, generation: 1, latest: 1 };
    const events = [{ id: randomUUID(), type: 'RunnerBeat', data }];
    await store.append(runnerStream(runnerId), events, { expectedRevision: 'any' });
  };
  const isGone = (claim = foreign, claimedAt = justNow) => watching.isGone('job', claim, claimedAt);
  const pass = (ms: number) => {
    now += ms;
  };
  await watching.stop();
  return { store, watching, gone, listenFor, beat, isGone, pass };
}

describe('the runner that holds a claim', () => {
  it('lives, as far as is known, when the claim is seen for the first time', async () => {
    const { isGone } = await watch();
    expect(isGone()).toBe(false);
  });

  it('is gone when nothing was heard of it for as long as is configured', async () => {
    const { isGone, listenFor, gone } = await watch();
    isGone();
    await listenFor(20_000);
    expect(isGone()).toBe(false);
    await listenFor(1_000);
    expect(isGone()).toBe(true);
    expect(gone).toEqual(['job']);
  });

  it('lives as long as it says so, however long that is', async () => {
    const { isGone, listenFor, beat, gone } = await watch();
    isGone();
    for (let beats = 0; beats < 10; beats++) {
      await beat();
      await listenFor(19_000);
      expect(isGone()).toBe(false);
    }
    expect(gone).toEqual([]);
  });

  it('is gone that long after its last word', async () => {
    const { isGone, listenFor, beat } = await watch();
    isGone();
    await listenFor(15_000);
    await beat();
    await listenFor(20_000);
    expect(isGone()).toBe(false);
    await listenFor(1_000);
    expect(isGone()).toBe(true);
  });

  it('lives again where it is heard after all', async () => {
    const { isGone, listenFor, beat } = await watch();
    isGone();
    await listenFor(21_000);
    await beat();
    await listenFor(1_000);
    expect(isGone()).toBe(false);
  });

  it('is not gone because nobody could listen: the store was away', async () => {
    const { isGone, listenFor, store, beat } = await watch();
    isGone();
    await listenFor(5_000);
    store.cutOff();
    await listenFor(600_000);
    store.reconnect();
    await listenFor(10_000);
    expect(isGone()).toBe(false);
    await beat();
    await listenFor(20_000);
    expect(isGone()).toBe(false);
  });

  it('is not gone because this process was held up', async () => {
    const { isGone, listenFor, pass } = await watch();
    isGone();
    await listenFor(5_000);
    pass(3_600_000);
    await listenFor(10_000);
    expect(isGone()).toBe(false);
  });

  it('is watched for each claim from when that was seen: an old silence does not count', async () => {
    const { isGone, listenFor } = await watch();
    isGone();
    await listenFor(19_000);
    const next = { ...foreign, step: 2 };
    isGone(next);
    await listenFor(10_000);
    expect(isGone(next)).toBe(false);
    expect(isGone()).toBe(true);
  });
});

describe('a claim under the own runner id that this process does not hold', () => {
  const ofOwnId = { ...foreign, runnerId: own };

  it("is a former life's where it lies before the boot", async () => {
    const { isGone } = await watch();
    expect(isGone(ofOwnId, longAgo)).toBe(true);
  });

  it("is a former life's in a folder that may be a copy only if nobody is heard for two heartbeats", async () => {
    const { isGone, listenFor, beat, gone } = await watch({ mayBeCopy: true });
    await beat(own, 'former-boot');
    await beat(own, 'this-boot');
    expect(isGone(ofOwnId, longAgo)).toBe(false);
    await listenFor(10_000);
    expect(isGone(ofOwnId, longAgo)).toBe(false);
    await listenFor(1_000);
    expect(isGone(ofOwnId, longAgo)).toBe(true);
    expect(gone).toEqual(['job']);
  });

  it("is not a former life's where the folder may be a copy, and whoever works in the other one is heard", async () => {
    const { isGone, listenFor, beat, gone } = await watch({ mayBeCopy: true });
    await beat(own, 'this-boot');
    isGone(ofOwnId, longAgo);
    for (let beats = 0; beats < 10; beats++) {
      await beat(own, 'other-boot');
      await listenFor(5_000);
      expect(isGone(ofOwnId, longAgo)).toBe(false);
    }
    expect(gone).toEqual([]);
  });

  it('is waited for where it came later, and what this process says itself does not count', async () => {
    const { isGone, listenFor, beat } = await watch();
    isGone(ofOwnId);
    for (let seconds = 0; seconds < 20; seconds++) {
      await beat(own, 'this-boot');
      await listenFor(1_000);
    }
    expect(isGone(ofOwnId)).toBe(false);
    await listenFor(1_000);
    expect(isGone(ofOwnId)).toBe(true);
  });
});
