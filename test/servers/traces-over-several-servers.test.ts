import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHousehold, type Household, type Member } from '../support/household.js';
import { hasEnded, startJob } from '../support/jobs-api.js';
import { Observer } from '../support/observer.js';
import { openCollector, type Collector } from '../support/otlp/collector.js';

let collector: Collector;
let one: Household;
let other: Member;

beforeAll(async () => {
  collector = await openCollector();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '50' };
  one = await openHousehold({ env: { ...env, OTEL_SERVICE_NAME: 'one' } });
  other = await one.join({ env: { ...env, OTEL_SERVICE_NAME: 'other' } });
});

afterAll(async () => {
  await one.close();
  await collector.close();
});

describe('of several servers', () => {
  it('the one that goes on with a job goes on with its trace', async () => {
    const held = one.gate.hold();
    const { job } = await startJob(one.api, { type: 'SYNC' });
    await held;
    const spans = () => collector.spans.filter(({ attributes }) => attributes['job.id'] === job.id);
    await expect.poll(() => spans().map(({ name }) => name), { timeout: 20_000 }).toEqual(['startJob']);
    const observer = new Observer(other.server.url, { jobId: job.id });
    await one.server.stop('SIGKILL');
    await observer.until(hasEnded);
    await observer.close();

    await expect.poll(() => spans().length, { timeout: 20_000 }).toBe(2);
    const [mutation, step] = spans();
    expect(mutation).toMatchObject({ name: 'startJob', service: 'one', parentSpanId: '' });
    expect(step).toMatchObject({
      ...{ name: 'step SYNC', service: 'other' },
      ...{ traceId: mutation?.traceId, parentSpanId: mutation?.spanId },
      attributes: { 'job.attempt': 2, 'job.attempt.end': 'SUCCEEDED' },
    });
    await one.restart();
  });
});
