import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf } from '../support/child-processes.js';
import { allUncategorized, readJob, startJob, watchToEnd } from '../support/jobs-api.js';
import { openHousehold, type Household } from '../support/household.js';

let household: Household;

beforeAll(async () => {
  household = await openHousehold();
});

afterEach(() => {
  household.gate.open();
});

afterAll(async () => {
  await household.close();
});

describe('a restart', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'by %s interrupts a running job, which goes on by itself',
    async (signal) => {
      const { gate } = household;
      const held = gate.hold();
      const { job } = await startJob(household.api, { type: 'SYNC_AND_GENERATE', batch: allUncategorized });
      await held;
      await household.restart({ signal });
      gate.open();
      const ended = await watchToEnd(household.api, job.id);
      expect(ended.status).toBe('SUCCEEDED');
      expect(ended.steps[0]).toMatchObject({ status: 'SUCCEEDED', attempt: 2 });
      const events = ended.history.map(({ event }) => event);
      expect(events.filter((event) => event === 'StepInterrupted')).toHaveLength(1);
      expect(events.filter((event) => event === 'JobSucceeded')).toHaveLength(1);
    },
  );

  it('by Ctrl-C ends the server cleanly during a job, which goes on by itself', async () => {
    const { server, gate } = household;
    const held = gate.hold();
    const { job } = await startJob(household.api, { type: 'SYNC_AND_GENERATE', batch: allUncategorized });
    await held;
    // A terminal sends it to all of its processes.
    for (const { pid } of childrenOf(server.pid)) process.kill(pid, 'SIGINT');
    // The server ends itself with another status where it takes longer than it may.
    expect(await server.stop('SIGINT')).toBe(0);
    expect(server.output()).toContain('SIGINT: ending. Running jobs go on after the next start.');
    await household.restart();
    gate.open();
    const ended = await watchToEnd(household.api, job.id);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', steps: [{ attempt: 2 }, { attempt: 1 }] });
  });

  it('by SIGTERM lets a step that runs come to its end, and starts no other', async () => {
    await household.restart({ env: { SHUTDOWN_GRACE_MS: '60000' } });
    const { server, gate, api } = household;
    const held = gate.hold();
    const { job } = await startJob(api, { type: 'SYNC_AND_GENERATE', batch: allUncategorized });
    await held;
    const ended = server.stop('SIGTERM');
    await expect
      .poll(() => server.output())
      .toContain('SIGTERM: waiting for steps that run (1), 60 s at most.');
    // Whoever shares out requests sends new ones elsewhere; who is here already is answered.
    const readiness = await fetch(`${server.url}/readyz`);
    expect(readiness.status).toBe(503);
    expect(await readiness.json()).toMatchObject({ parts: { saga: { status: 'ENDING' } } });
    expect(await readJob(api, job.id)).toMatchObject({ status: 'RUNNING' });
    gate.open();
    expect(await ended).toBe(0);
    await household.restart();
    const done = await watchToEnd(household.api, job.id);
    expect(done).toMatchObject({ status: 'SUCCEEDED', steps: [{ attempt: 1 }, { attempt: 1 }] });
    const events = done.history.map(({ event }) => event);
    expect(events).not.toContain('StepInterrupted');
  });

  it('by a second SIGTERM ends the server at once, and the step runs again', async () => {
    await household.restart({ env: { SHUTDOWN_GRACE_MS: '60000' } });
    const { server, gate, api } = household;
    const held = gate.hold();
    const { job } = await startJob(api, { type: 'SYNC' });
    await held;
    const ended = server.stop('SIGTERM');
    await expect.poll(() => server.output()).toContain('A second signal ends it at once.');
    process.kill(server.pid, 'SIGTERM');
    expect(await ended).toBe(1);
    await household.restart();
    gate.open();
    const done = await watchToEnd(household.api, job.id);
    expect(done).toMatchObject({ status: 'SUCCEEDED', steps: [{ attempt: 2 }] });
  });

  it('happens too often during one step: the job fails and says so', async () => {
    await household.restart({ env: { MAX_INTERRUPTIONS: '1' } });
    const { gate } = household;
    const held = gate.hold();
    const { job } = await startJob(household.api, { type: 'SYNC' });
    await held;
    const heldAgain = gate.hold();
    await household.restart({ signal: 'SIGKILL', env: { MAX_INTERRUPTIONS: '1' } });
    await heldAgain;
    await household.restart({ signal: 'SIGKILL', env: { MAX_INTERRUPTIONS: '1' } });
    const ended = await watchToEnd(household.api, job.id);
    expect(ended).toMatchObject({
      status: 'FAILED',
      failure: { code: 'INTERRUPTED_TOO_OFTEN' },
      steps: [{ attempt: 2 }],
    });
    gate.open();
    await household.restart();
  });

  it('leaves a queue in its order', async () => {
    const { gate } = household;
    const held = gate.hold();
    const running = await startJob(household.api, { type: 'SYNC' });
    await held;
    const waiting = await startJob(household.api, {
      type: 'SUGGESTIONS_GENERATION',
      batch: allUncategorized,
    });
    await household.restart({ signal: 'SIGKILL' });
    gate.open();
    const { api } = household;
    const [one, two] = await Promise.all([running, waiting].map(({ job }) => watchToEnd(api, job.id)));
    expect([one?.status, two?.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(Date.parse(two?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(one?.completedAt ?? ''));
  });

  it('keeps what had ended, with its history and suggestions', async () => {
    const { job } = await startJob(household.api, {
      type: 'SUGGESTIONS_GENERATION',
      batch: allUncategorized,
    });
    const ended = await watchToEnd(household.api, job.id);
    await household.restart();
    expect(await readJob(household.api, job.id)).toEqual(ended);
  });
});

describe('an idempotency key', () => {
  const keyed = { type: 'SYNC', idempotencyKey: 'nightly' } as const;

  it('gives the same job, running, finished and after a restart', async () => {
    const { gate } = household;
    const held = gate.hold();
    const first = await startJob(household.api, keyed);
    expect(first.created).toBe(true);
    await held;
    expect(await startJob(household.api, keyed)).toMatchObject({ created: false, job: { id: first.job.id } });
    gate.open();
    await watchToEnd(household.api, first.job.id);
    expect(await startJob(household.api, keyed)).toMatchObject({
      created: false,
      job: { id: first.job.id, status: 'SUCCEEDED' },
    });
    await household.restart();
    expect(await startJob(household.api, keyed)).toMatchObject({ created: false, job: { id: first.job.id } });
  });

  it('gives one job to many requests at the same moment', async () => {
    const { api } = household;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => startJob(api, { type: 'SYNC', idempotencyKey: 'all at once' })),
    );
    expect(new Set(answers.map(({ job }) => job.id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    await watchToEnd(api, answers[0]?.job.id ?? '');
  });

  it('is refused for a different request, and leaves nothing behind', async () => {
    const { api } = household;
    await startJob(api, keyed);
    const other = {
      type: 'SUGGESTIONS_GENERATION',
      batch: allUncategorized,
      idempotencyKey: 'nightly',
    } as const;
    await expect(startJob(api, other)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    const { job } = await startJob(api, { ...other, idempotencyKey: 'another' });
    expect((await watchToEnd(api, job.id)).status).toBe('SUCCEEDED');
  });

  it.each(['', 'x'.repeat(201)])('has 1 to 200 characters', async (idempotencyKey) => {
    await expect(startJob(household.api, { type: 'SYNC', idempotencyKey })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
