import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHousehold, type Household, type Member } from '../support/household.js';
import { allUncategorized, startJob, watchToEnd } from '../support/jobs-api.js';
import { openCollector, type Collector } from '../support/otlp/collector.js';

/** Read by OpenTelemetry itself. */
const standard = {
  OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=of-the-collector',
  OTEL_SERVICE_NAME: 'jobs-of-the-household',
};

let collector: Collector;
let household: Household;

beforeAll(async () => {
  collector = await openCollector();
  household = await openHousehold({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '50', ...standard },
  });
});

afterAll(async () => {
  await household.close();
  await collector.close();
});

const ofJob = (id: string) => collector.spans.filter(({ attributes }) => attributes['job.id'] === id);
const namesOf = (id: string) =>
  ofJob(id)
    .map(({ name }) => name)
    .sort();
const patience = { timeout: 20_000, interval: 20 };

/** Everything about the job is in the trace of the mutation that started it, beneath it. */
function expectOneTrace(id: string): void {
  const spans = ofJob(id);
  const mutation = spans.find(({ name }) => name === 'startJob');
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  for (const span of spans) {
    if (span !== mutation) expect(span.parentSpanId).toBe(mutation?.spanId);
  }
}

/** Starts a sync, and has it held up before Actual. */
async function startHeld(member: Member): Promise<string> {
  const held = household.gate.hold();
  const { job } = await startJob(member.api, { type: 'SYNC' });
  await held;
  return job.id;
}

describe('a trace', () => {
  it('leads from the mutation to each step', async () => {
    const { job } = await startJob(household.api, { type: 'SYNC_AND_GENERATE', batch: allUncategorized });
    await watchToEnd(household.api, job.id);

    await expect
      .poll(() => namesOf(job.id), patience)
      .toEqual(['startJob', 'step SUGGESTIONS_GENERATION', 'step SYNC']);
    expectOneTrace(job.id);
    expect(collector.headers['x-api-key']).toBe('of-the-collector');
    const [step] = ofJob(job.id).filter(({ name }) => name === 'step SYNC');
    expect(step).toMatchObject({
      service: standard.OTEL_SERVICE_NAME,
      statusCode: 0,
      attributes: {
        'job.type': 'SYNC_AND_GENERATE',
        'job.step': 1,
        'job.attempt': 1,
        'job.attempt.end': 'SUCCEEDED',
      },
    });
  });

  it('goes on where whoever asks has begun it', async () => {
    const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    const response = await fetch(`${household.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-${spanId}-01` },
      body: JSON.stringify({ query: 'mutation { startJob(input: { type: SYNC }) { job { id } } }' }),
    });
    const { data } = (await response.json()) as { data: { startJob: { job: { id: string } } } };
    const { id } = data.startJob.job;
    await watchToEnd(household.api, id);

    await expect.poll(() => namesOf(id), patience).toEqual(['startJob', 'step SYNC']);
    expectOneTrace(id);
    expect(ofJob(id).find(({ name }) => name === 'startJob')).toMatchObject({
      traceId,
      parentSpanId: spanId,
    });
  });

  it('tells of each attempt that failed', async () => {
    household.gate.refuse();
    const { job } = await startJob(household.api, { type: 'SYNC' });
    await watchToEnd(household.api, job.id);
    household.gate.open();

    await expect.poll(() => namesOf(job.id), patience).toEqual(['startJob', 'step SYNC', 'step SYNC']);
    expectOneTrace(job.id);
    const ends = ofJob(job.id).map(({ attributes, statusCode }) => [
      attributes['job.attempt.end'],
      statusCode,
    ]);
    expect(ends).toEqual(
      expect.arrayContaining([
        ['RETRIED', 2],
        ['FAILED', 2],
      ]),
    );
  });

  it('survives the end of the server', async () => {
    const id = await startHeld(household);
    await expect.poll(() => namesOf(id), patience).toEqual(['startJob']);
    await household.server.stop('SIGKILL');
    household.gate.open();
    await household.restart();
    await watchToEnd(household.api, id);

    // What the killed one was about is told by nobody.
    await expect.poll(() => namesOf(id), patience).toEqual(['startJob', 'step SYNC']);
    expectOneTrace(id);
    expect(ofJob(id).find(({ name }) => name === 'step SYNC')?.attributes['job.attempt']).toBe(2);
  });

  it("holds no secret, and nobody's name", () => {
    const sent = Buffer.concat(collector.received).toString('latin1');
    expect(sent).toContain('startJob');
    for (const secret of ['correct horse', household.budgetIds[0] ?? '', 'LIDL']) {
      expect(sent).not.toContain(secret);
    }
  });

  it('is lost while nobody takes it, which the log says once, and disturbs no job', async () => {
    collector.status = 400;
    for (let n = 0; n < 2; n++) {
      const { job } = await startJob(household.api, { type: 'SYNC' });
      expect(await watchToEnd(household.api, job.id)).toMatchObject({ status: 'SUCCEEDED' });
    }
    const count = (sentence: string) => household.server.output().split(sentence).length - 1;
    await expect.poll(() => count('Traces cannot be exported'), patience).toBe(1);
    collector.status = 200;
    const { job } = await startJob(household.api, { type: 'SYNC' });
    await watchToEnd(household.api, job.id);
    await expect.poll(() => count('Traces are exported again'), patience).toBe(1);
    expect(count('Traces cannot be exported')).toBe(1);
    expect(await household.server.stop()).toBe(0);
    await household.restart();
  });
});
