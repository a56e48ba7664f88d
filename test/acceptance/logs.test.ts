import { statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import { openHousehold, type Household } from '../support/household.js';
import { startJob, watchToEnd } from '../support/jobs-api.js';

interface Line {
  readonly msg: string;
  readonly jobId?: string;
  readonly step?: number;
  readonly owner?: string;
  readonly requestId?: string;
}

let household: Household;

beforeAll(async () => {
  household = await openHousehold({ env: { LOG_LEVEL: 'debug' } });
});

afterAll(() => household.close());

/** What the server has logged so far; what it says to the terminal is no JSON. */
function logged(): readonly Line[] {
  return household.server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}

const ofJob = (id: string) => logged().filter(({ jobId }) => jobId === id);

/** Told when the server is done with an attempt, maybe after the next one began: no event, unlike the other lines. */
const isEndOfAttempt = ({ msg }: Line) => msg === 'An attempt of a step ended';

const recordedOf = (id: string) =>
  ofJob(id)
    .filter((line) => !isEndOfAttempt(line))
    .map(({ msg }) => msg);

const mutation = JSON.stringify({ query: 'mutation { startJob(input: { type: SYNC }) { job { id } } }' });
const json = { 'content-type': 'application/json' };

async function startByHttp(): Promise<{ readonly id: string; readonly requestId: string | null }> {
  const response = await fetch(`${household.server.url}/graphql`, {
    method: 'POST',
    headers: json,
    body: mutation,
  });
  const { data } = (await response.json()) as { data: { startJob: { job: { id: string } } } };
  return { id: data.startJob.job.id, requestId: response.headers.get('x-request-id') };
}

describe('the log of a server', () => {
  it('tells what becomes of a job; each line about it names the job, its hashed owner and its step', async () => {
    const { job } = await startJob(household.api, { type: 'SYNC' });
    await watchToEnd(household.api, job.id);
    household.gate.refuse();
    const { job: failing } = await startJob(household.api, { type: 'SYNC' });
    await watchToEnd(household.api, failing.id);
    household.gate.open();

    await expect
      .poll(() => recordedOf(job.id))
      .toEqual(['A job was started', 'A step began', 'A job succeeded']);
    await expect
      .poll(() => recordedOf(failing.id))
      .toEqual([
        'A job was started',
        ...['A step began', 'A step failed'],
        ...['A step began', 'A step failed', 'A job failed'],
      ]);
    await expect.poll(() => ofJob(job.id).filter(isEndOfAttempt)).toHaveLength(1);
    await expect.poll(() => ofJob(failing.id).filter(isEndOfAttempt)).toHaveLength(2);
    const lines = [...ofJob(job.id), ...ofJob(failing.id)];
    const owners = new Set(lines.map(({ owner }) => owner));
    expect([...owners]).toEqual([expect.stringMatching(/^[\da-f]{16}$/)]);
    expect(lines.filter(({ msg }) => msg.includes('step')).map(({ step }) => step)).toEqual([
      1, 1, 1, 1, 1, 1, 1, 1,
    ]);

    await household.restart();
    const { job: later } = await startJob(household.api, { type: 'SYNC' });
    await watchToEnd(household.api, later.id);
    expect(new Set(ofJob(later.id).map(({ owner }) => owner))).toEqual(owners);
    expect(statSync(path.join(household.dataDir, 'owner-key')).mode & 0o777).toBe(0o600);
  });

  it('names the request that a line is about, as its answer does', async () => {
    const { id, requestId } = await startByHttp();
    const other = await startByHttp();
    await watchToEnd(household.api, id);
    expect(requestId).toMatch(/^[\da-f-]{36}$/);
    expect(other.requestId).not.toBe(requestId);

    const ofRequest = () => logged().filter((line) => line.requestId === requestId);
    await expect
      .poll(() => ofRequest().map(({ msg }) => msg))
      .toEqual(['A job was started', 'A step began', 'A request was answered']);
    expect(ofRequest().at(-1)).toMatchObject({ method: 'POST', path: '/graphql', status: 200 });
    // Nobody waits for it.
    expect(ofJob(id).find(({ msg }) => msg === 'A job succeeded')?.requestId).toBeUndefined();
  });

  it('names each operation over a WebSocket, too', async () => {
    const socket = new WebSocket(
      `${household.server.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    await once(socket, 'open');
    const say = (message: object) => socket.send(JSON.stringify(message));
    const answered = new Promise<string>((resolve) => {
      socket.on('message', (data: Buffer) => {
        const { type, payload } = JSON.parse(data.toString()) as {
          type: string;
          payload?: { data: { startJob: { job: { id: string } } } };
        };
        if (type === 'connection_ack')
          say({ id: '1', type: 'subscribe', payload: JSON.parse(mutation) as object });
        if (type === 'next' && payload) resolve(payload.data.startJob.job.id);
      });
    });
    say({ type: 'connection_init' });
    const id = await answered;
    socket.terminate();
    await watchToEnd(household.api, id);

    expect(ofJob(id)[0]).toMatchObject({
      msg: 'A job was started',
      requestId: expect.stringMatching(/^[\da-f-]{36}$/) as string,
    });
  });

  it('holds no password and no name of anybody', () => {
    const text = household.server.output();
    expect(text).toContain('A job was started');
    expect(text).not.toContain('correct horse');
    expect(text).not.toContain('"local"');
  });
});
