import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { openLog, withHashedOwners } from '../../src/server/open-log.js';
import { inRequest } from '../../src/server/request-scope.js';

/** What a log holds after something was written into it. */
async function written(
  write: (log: Awaited<ReturnType<typeof openLog>>) => void,
  options: { readonly isTerminal?: boolean; readonly level?: 'info' | 'warn' } = {},
): Promise<string> {
  const destination = new PassThrough();
  write(await openLog({ level: 'info', isTerminal: false, destination, ...options }));
  destination.end();
  return text(destination);
}

const lines = (log: string) =>
  log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the log', () => {
  it('is a line of JSON for each event, where no terminal is', async () => {
    const log = await written((to) => {
      to.info({ jobId: 'j1', step: 1 }, 'A step\nbegan');
      to.warn({ code: 'ACTUAL_TIMEOUT' }, 'A step failed');
    });
    expect(lines(log)).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/Z$/) as string,
        jobId: 'j1',
        step: 1,
        msg: 'A step\nbegan',
      },
      expect.objectContaining({ level: 'warn', code: 'ACTUAL_TIMEOUT', msg: 'A step failed' }),
    ]);
  });

  it('is for people, where a terminal is', async () => {
    const log = await written((to) => to.info({ jobId: 'j1' }, 'A step began'), { isTerminal: true });
    expect(log).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: A step began \{"jobId":"j1"\}\n$/);
  });

  it('leaves out what is less important than asked for', async () => {
    const log = await written(
      (to) => {
        to.info({}, 'unimportant');
        to.warn({}, 'important');
      },
      { level: 'warn' },
    );
    expect(lines(log).map(({ msg }) => msg)).toEqual(['important']);
  });

  it('names the request in whose course something happens, also later in it, and nothing else', async () => {
    const log = await written((to) => {
      inRequest({ requestId: 'r1' }, () => to.info({}, 'within'));
      to.info({}, 'outside');
    });
    expect(lines(log).map(({ msg, requestId }) => [msg, requestId])).toEqual([
      ['within', 'r1'],
      ['outside', undefined],
    ]);
  });

  it('hashes owners with a key: the same to the same, and to nobody what they are called', async () => {
    const hashesBy = async (key: string) => {
      const log = await written((to) => {
        const hashing = withHashedOwners(to, key);
        for (const owner of ['alice', 'bob', 'alice']) hashing.info({ owner }, 'A job was started');
      });
      expect(log).not.toMatch(/alice|bob/);
      return lines(log).map(({ owner }) => String(owner));
    };
    const [alice, bob, again] = await hashesBy('key');
    expect(alice).toMatch(/^[\da-f]{16}$/);
    expect(bob).not.toBe(alice);
    expect(again).toBe(alice);
    expect(await hashesBy('key')).toEqual([alice, bob, alice]);
    expect(await hashesBy('another key')).not.toContain(alice);
  });

  it('does not write owners before there is a key', async () => {
    const log = await written((to) => to.info({ owner: 'alice' }, 'A job was started'));
    expect(lines(log)).toMatchObject([{ owner: 'hidden' }]);
  });
});
