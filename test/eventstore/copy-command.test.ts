import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { lockFile } from '../../src/eventstore/sqlite/file-lock.js';
import { append, newEvent, newEvents } from '../contract/contract-events.js';
import { follow } from '../contract/follow.js';
import { interleave, liveALittle, logOf } from './copied-logs.js';
import { ourPrefixes, preparedCopies, type PreparedCopy } from './prepared-copy.js';

const prepareCopy = preparedCopies();

let prepared: PreparedCopy;

beforeEach(async () => {
  prepared = await prepareCopy();
});

describe('npm run eventstore -- copy', () => {
  it('copies what a server has left, and says what to do then', async () => {
    await prepared.given(liveALittle);

    const { status, output } = await prepared.run();

    expect(output.split('\n')[0]).toBe('Copied 18 events of 5 streams; verified.');
    expect(output).toContain(
      'From now on start the server with EVENTSTORE_URL set, and with the same DATA_DIR',
    );
    expect(output).toContain('Without EVENTSTORE_URL it does not start with this DATA_DIR any longer');
    expect(status).toBe(0);
    await prepared.expectCopied();
  });

  it('changes nothing the second time, and says so', async () => {
    await prepared.given(liveALittle);
    await prepared.run();
    const before = await logOf(prepared.target);

    expect(await prepared.run()).toEqual({
      status: 0,
      output: expect.stringMatching(
        /^Nothing was left to copy: 18 events of 5 streams were there already; verified\.\n/,
      ) as string,
    });

    expect(await logOf(prepared.target)).toEqual(before);
  });

  it('says how far it is where that takes a while', { timeout: 120_000 }, async () => {
    await prepared.given((store) => interleave(store, 100, 100));

    const { status, output } = await prepared.run();

    const percents = [...output.matchAll(/^Copying: (\d+) % \((\d+) of 10000 events\)$/gm)];
    expect(percents.length).toBeGreaterThan(0);
    for (const [, percent, done] of percents) expect(Number(percent)).toBe(Math.floor(Number(done) / 100));
    expect(output).toContain('Copied 10000 events of 100 streams; verified.\n');
    expect(status).toBe(0);
  });

  it('copies an empty store', async () => {
    await prepared.given(() => Promise.resolve());
    expect((await prepared.run()).output).toMatch(/^Copied 0 events of 0 streams; verified\.\n/);
  });

  it('copies heartbeats where there are any, and minds no others in EventStoreDB', async () => {
    await append(prepared.target, 'runner-b', newEvents(2));
    await prepared.given((store) => append(store, 'job-a', newEvents(1)));
    expect((await prepared.run()).output).toMatch(/^Copied 1 event of 1 stream; verified\.\n/);

    await prepared.given((store) => append(store, 'runner-a', newEvents(1)));
    expect(await prepared.refusal()).toContain('(stream runner-b)');
  });

  it('is built and run by its script', async () => {
    await prepared.given((store) => append(store, 'job-a', newEvents(2)));
    const script = fileURLToPath(new URL('../../scripts/eventstore.mjs', import.meta.url));
    const { PATH = '', HOME = '' } = process.env;

    const { stdout } = await promisify(execFile)(process.execPath, [script, 'copy'], {
      cwd: prepared.dataDir,
      env: { PATH, HOME, DATA_DIR: prepared.dataDir, ...prepared.env },
    });

    expect(stdout).toMatch(/^Copied 2 events of 1 stream; verified\.\n/);
  });
});

describe('npm run eventstore -- copy is refused', () => {
  beforeEach(() => prepared.given(liveALittle));

  it('without EVENTSTORE_URL', async () => {
    expect(await prepared.refusal({ env: {} })).toBe(
      'EVENTSTORE_URL is not set: set it to the address of the EventStoreDB to copy to, such as esdb://admin:changeit@localhost:2113?tls=false.',
    );
  });

  it('with an address that is malformed', async () => {
    expect(await prepared.refusal({ env: { EVENTSTORE_URL: 'http://admin:s3cr3t@localhost' } })).toMatch(
      /^EVENTSTORE_URL .*esdb:\/\//,
    );
  });

  it('where DATA_DIR holds no event store, and makes none', async () => {
    const dataDir = path.join(prepared.dataDir, 'elsewhere');
    expect(await prepared.refusal({ dataDir })).toBe(
      `DATA_DIR (${dataDir}) holds no event store: set it to the folder of a server that ran without EVENTSTORE_URL.`,
    );
    expect(existsSync(dataDir)).toBe(false);
  });

  it('while a server works in DATA_DIR', async () => {
    const unlock = lockFile(path.join(prepared.dataDir, 'server'));
    expect(await prepared.refusal()).toMatch(/is in use by another process\. Stop that process/);
    unlock();
  });

  it('where the event store is damaged', async () => {
    writeFileSync(
      path.join(prepared.dataDir, 'events.sqlite'),
      'nothing of the kind, and long enough to be looked at',
    );
    expect(await prepared.refusal()).toMatch(
      /is damaged, or is not an event store\. Restore it from a backup/,
    );
  });

  it('by what nobody expected, of which it says the code alone', async () => {
    mkdirSync(path.join(prepared.dataDir, 'read-models.sqlite'));
    expect(await prepared.refusal()).toMatch(
      /^The copy ended because of an error that it does not know: ERR_FS_EISDIR\./,
    );
  });

  it('where EventStoreDB does not answer for some seconds', async () => {
    await prepared.server.kill();
    expect(await prepared.refusal()).toBe(
      'EventStoreDB could not be reached, or did not answer. Nothing was copied this time; run this again when it can be reached.',
    );
    await prepared.server.restart();
    expect((await prepared.run()).status).toBe(0);
  });

  it('where EventStoreDB does not speak TLS', async () => {
    const { port } = prepared.server;
    expect(
      await prepared.refusal({ env: { EVENTSTORE_URL: `esdb://admin:s3cr3t@localhost:${port}` } }),
    ).toMatch(/^EventStoreDB does not speak TLS at the address of EVENTSTORE_URL\. Add tls=false/);
  });

  it('where EventStoreDB holds other jobs, and leaves them as they are', async () => {
    await append(prepared.target, 'job-theirs', newEvents(2));
    const before = await logOf(prepared.target);

    expect(await prepared.refusal()).toMatch(
      /^EventStoreDB holds events that are not of this copy \(stream job-theirs\).* Nothing was changed\./,
    );

    expect(await logOf(prepared.target)).toEqual(before);
  });

  it('where what was copied has been tampered with', async () => {
    await prepared.run();
    await prepared.server.kill();
    const lines = readFileSync(prepared.log, 'utf8').trimEnd().split('\n');
    const tampered = lines.map((line, at) => (at === 4 ? withOtherData(line) : line));
    writeFileSync(prepared.log, `${tampered.join('\n')}\n`);
    await prepared.server.restart();

    expect(await prepared.refusal()).toMatch(
      /^EventStoreDB holds events that are not of this copy \(stream /,
    );
  });

  it('with what nobody could say to it', async () => {
    expect(await prepared.refusal({ args: ['move'] })).toBe('Say `npm run eventstore -- copy`.');
    expect(await prepared.refusal({ args: ['copy', 'everything'] })).toBe(
      'Say `npm run eventstore -- copy`.',
    );
  });
});

describe('npm run eventstore -- copy fails loudly', () => {
  it('where somebody else wrote to EventStoreDB meanwhile', async () => {
    await prepared.given((store) => interleave(store, 10, 100));
    const follower = follow(prepared.target, { streamPrefixes: ourPrefixes });
    const command = prepared.start();
    await follower.until(({ events }) => events.length > 0);
    await append(prepared.target, 'job-theirs', [newEvent()]);
    await follower.stop();

    expect(await command.exited).toBe(1);
    expect(command.output()).toContain(
      'Read back, EventStoreDB does not hold what was copied (stream job-theirs)',
    );
    expect(command.output()).not.toContain('verified');
  });

  it('where somebody else wrote to one of its streams meanwhile', async () => {
    await prepared.given((store) => interleave(store, 10, 100));
    const command = prepared.start();
    const follower = follow(prepared.target, { streamPrefixes: ourPrefixes });
    await follower.until(({ events }) => events.length > 20);
    await follower.stop();
    await append(prepared.target, 'job-3', [newEvent()]);

    expect(await command.exited).toBe(1);
    expect(command.output()).toMatch(/Somebody else wrote to stream job-3 in EventStoreDB meanwhile/);
  });

  it('where EventStoreDB goes away meanwhile, and says that what was copied stays', async () => {
    await prepared.given((store) => interleave(store, 10, 200));
    const command = prepared.start();
    const follower = follow(prepared.target, { streamPrefixes: ourPrefixes });
    await follower.until(({ events }) => events.length > 20);
    await follower.stop();
    await prepared.server.kill();

    expect(await command.exited).toBe(1);
    expect(command.output()).toContain('What was copied stays; run this again, and it goes on where it was.');
    await prepared.server.restart();
    expect((await prepared.run()).output).toMatch(
      /^Copied 2000 events of 10 streams, \d+ of them before; verified\./m,
    );
  });

  it('where an event is too large for EventStoreDB', async () => {
    await prepared.given((store) => append(store, 'job-a', [newEvent({ text: 'x'.repeat(1_100_000) })]));
    expect(await prepared.refusal()).toMatch(/^An event of stream job-a is larger than EventStoreDB takes/);
  });
});

/** A line of the file in which the server of the tests keeps what was appended at once. */
function withOtherData(line: string): string {
  const entry = JSON.parse(line) as { readonly events: readonly { data: string }[] };
  for (const event of entry.events) event.data = Buffer.from('{"number":-1}').toString('base64');
  return JSON.stringify(entry);
}
