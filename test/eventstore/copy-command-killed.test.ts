import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { follow } from '../contract/follow.js';
import { interleave, logOf } from './copied-logs.js';
import { ourPrefixes, preparedCopies, type PreparedCopy } from './prepared-copy.js';

const prepareCopy = preparedCopies();

let prepared: PreparedCopy;

describe('npm run eventstore -- copy, killed', () => {
  const perStream = 50;
  const total = 10 * perStream;

  beforeEach(async () => {
    prepared = await prepareCopy();
    await prepared.given((store) => interleave(store, 10, perStream));
  });

  /** Resolves when so many events have arrived. */
  const arrived = async (count: number) => {
    const follower = follow(prepared.target, { streamPrefixes: ourPrefixes });
    await follower.until(({ events }) => events.length >= count);
    await follower.stop();
  };

  it.each([1, 133, 350])('when event %i has arrived, goes on where it was', async (count) => {
    const command = prepared.start();
    await arrived(count);
    command.kill();
    expect(await command.exited).toBe(null);
    const there = (await logOf(prepared.target)).length;

    const { status, output } = await prepared.run();

    expect(output).toMatch(
      new RegExp(`^Copied ${total} events of 10 streams, ${there} of them before; verified\\.`, 'm'),
    );
    expect(status).toBe(0);
    await prepared.expectCopied();
  });

  it('again and again, goes on where it was each time', async () => {
    for (const count of [50, 51, 200, 350]) {
      const command = prepared.start();
      await arrived(count);
      command.kill();
      expect(await command.exited).toBe(null);
    }

    expect((await prepared.run()).status).toBe(0);
    await prepared.expectCopied();
  });

  it('before it had an answer, begins', async () => {
    prepared.server.hang();
    const command = prepared.start();
    // By then it has taken DATA_DIR for itself.
    await expect.poll(() => existsSync(path.join(prepared.dataDir, 'runner-id'))).toBe(true);
    command.kill();
    expect(await command.exited).toBe(null);
    prepared.server.wake();

    expect((await prepared.run()).output).toMatch(/^Copied 500 events of 10 streams; verified\./m);
    await prepared.expectCopied();
  });

  it('with an append on its way, goes on whether or not that lands', async () => {
    const command = prepared.start();
    await arrived(200);
    prepared.server.hang();
    command.kill();
    expect(await command.exited).toBe(null);
    prepared.server.wake();

    expect((await prepared.run()).status).toBe(0);
    await prepared.expectCopied();
  });

  it('when the last event has arrived, and it reads back, finds all of it there', async () => {
    const command = prepared.start();
    await arrived(total);
    command.kill();
    await command.exited;

    expect((await prepared.run()).output).toMatch(/^Nothing was left to copy: 500 events of 10 streams/m);
    await prepared.expectCopied();
  });

  it('is not what becomes of it where EventStoreDB is away for a while', async () => {
    const command = prepared.start();
    await arrived(300);
    await prepared.server.kill();
    await prepared.server.restart();

    expect(await command.exited).toBe(0);
    await prepared.expectCopied();
  });
});
