import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHousehold, type Household } from '../support/household.js';
import { tokenOf, tokenSecret } from '../support/signed-token.js';

/** The command that is built, in a process of its own, against the real server: what scripts see. */

let household: Household;
let token: string;

beforeAll(async () => {
  household = await openHousehold({ env: { AUTH_JWT_SECRET: tokenSecret, MAX_STEP_ATTEMPTS: '1' } });
  token = await tokenOf('alice');
});

afterAll(() => household.close());

const entry = fileURLToPath(new URL('../../dist/src/job-command.js', import.meta.url));

function start(args: readonly string[], env: Record<string, string> = {}) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [entry, ...args], {
    env: { PATH, ACTUAL_JOBS_URL: household.server.url, ACTUAL_JOBS_TOKEN: token, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = once(child, 'close').then(([status]) => ({ status: status as number | null, ...output }));
  return { child, output, ended };
}

const run = (...args: Parameters<typeof start>) => start(...args).ended;

describe('the command', () => {
  it('starts a job, and says its id', async () => {
    const { status, stdout } = await run(['sync']);

    expect(status).toBe(0);
    expect(stdout).toMatch(/^[\w-]{36}\n$/);
  });

  it('waits until it has succeeded, and says so on the way', async () => {
    const { status, stderr } = await run(['sync-and-suggest', '--wait']);

    // Which steps it sees on the way depends on how fast they are.
    expect(stderr).toMatch(
      /^Sync and suggestions: (waits|running) .*\n(.*\n)*Sync and suggestions: succeeded\n$/,
    );
    expect(status).toBe(0);
  });

  it('gives one JSON document', async () => {
    const { status, stdout, stderr } = await run(['sync', '--wait', '--json']);

    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ job: { type: 'SYNC', status: 'SUCCEEDED', failure: null } });
  });

  it('ends with 1 where the job fails, and says why and what to do', async () => {
    household.gate.refuse();
    const { status, stderr } = await run(['sync', '--wait']);
    household.gate.open();

    expect(status).toBe(1);
    expect(stderr).toMatch(/Sync: failed\. The connection to \S+ was closed .+\. Retry; .+\.\n$/);
  });

  it.each([
    ['2 where it is called in a wrong way', ['dance'], {}, 2, /^Say what to start/],
    ['4 where the server refuses it', ['sync', '--budget', 'nope'], {}, 4, /budget/],
    ['4 where nobody may ask', ['sync'], { ACTUAL_JOBS_TOKEN: 'wrong' }, 4, /This token is not valid here/],
    [
      '5 where there is no server',
      ['sync'],
      { ACTUAL_JOBS_URL: 'http://127.0.0.1:1' },
      5,
      /No server of Actual Jobs answers/,
    ],
  ] as const)('ends with %s', async (_what, args, env, status, sentence) => {
    const ended = await run(args, env);

    expect(ended.status).toBe(status);
    expect(ended.stderr).toMatch(sentence);
    expect(ended.stdout).toBe('');
  });

  it('tells an error in JSON, too', async () => {
    const { status, stdout } = await run(['sync', '--budget', 'nope', '--json']);

    expect(status).toBe(4);
    expect(JSON.parse(stdout)).toEqual({
      error: expect.objectContaining({
        code: 'UNKNOWN_BUDGET',
        message: expect.any(String) as string,
      }) as object,
    });
  });

  it('waits no longer than it may, and the job goes on', async () => {
    const held = household.gate.hold();
    const { status, stderr } = await run(['sync', '--wait', '--timeout', '1', '--key', 'slow']);
    await held;
    household.gate.open();
    const again = await run(['sync', '--wait', '--key', 'slow']);

    expect(status).toBe(6);
    expect(stderr).toMatch(/It has not ended within 1 s\. It goes on/);
    expect(again.status).toBe(0);
  });

  it('leaves the job alone where nobody waits any longer', async () => {
    const held = household.gate.hold();
    const { child, output, ended } = start(['sync', '--wait', '--key', 'left']);
    // What is held may be of an earlier job.
    await expect.poll(() => output.stderr).toContain('Sync: running');
    await held;
    child.kill('SIGINT');
    const { status, stderr } = await ended;
    household.gate.open();

    expect(status).toBe(130);
    expect(stderr).toMatch(/the job goes on: see http/);
    expect((await run(['sync', '--wait', '--key', 'left'])).status).toBe(0);
  });

  it('outlives a restart of the server, and gives the end of the job', async () => {
    const port = new URL(household.server.url).port;
    const held = household.gate.hold();
    const { output, ended } = start(['sync', '--wait']);
    await expect.poll(() => output.stderr).toContain('Sync: running');
    await held;
    await household.restart({ signal: 'SIGKILL', env: { PORT: port } });
    household.gate.open();

    expect((await ended).status).toBe(0);
    expect(output.stderr).toMatch(/The connection is lost; the job goes on\./);
  });
});
