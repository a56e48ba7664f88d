import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHousehold, type Household } from '../support/household.js';
import { startJob, watchToEnd } from '../support/jobs-api.js';
import { runToItsEnd } from '../support/server-process.js';

let one: Household;

beforeAll(async () => {
  one = await openHousehold({
    env: {
      // So that on a busy machine a server is not taken for silent that only waits for its turn,
      ...{ HEARTBEAT_INTERVAL_MS: '1000', RUNNER_GONE_AFTER_MS: '30000' },
      // and its step does not end of itself meanwhile.
      ACTUAL_TIMEOUT_MS: '300000',
    },
  });
});

afterAll(async () => {
  await one.close();
});

describe('a server', () => {
  it('whose DATA_DIR is a copy of another one that is in use ends with a sentence that says what to do', async () => {
    const copy = path.join(path.dirname(one.dataDir), 'copy');
    mkdirSync(copy);
    for (const file of ['runner-id', 'runner-origin']) {
      copyFileSync(path.join(one.dataDir, file), path.join(copy, file));
    }
    const held = one.gate.hold();
    const { job } = await startJob(one.api, { type: 'SYNC' });
    await held;
    // As often as who watches over it may start it again.
    for (let start = 0; start < 4; start++) {
      const { status, output } = await runToItsEnd({ dataDir: copy, env: one.env });
      expect(status).toBe(1);
      expect(output).toContain(
        'Another server that runs already has the same file runner-id in its DATA_DIR',
      );
      expect(output).not.toMatch(/^\s+at /m);
    }
    one.gate.open();
    // What ran there was not interrupted.
    expect(await watchToEnd(one.api, job.id)).toMatchObject({ status: 'SUCCEEDED', steps: [{ attempt: 1 }] });
  });
});
