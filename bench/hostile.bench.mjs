// The list of jobs, asked for by one user at a time over HTTP: on a quiet server, and beside a client of another user that asks
// over fifty connections as fast as it can, with the limits at their defaults. Does not measure: clients of many users or
// addresses at once, requests that are refused for their size, or WebSockets.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { startServer } from './support/server.mjs';
import { median, ms, percentile, verdict } from './support/statistics.mjs';

const requests = 2_000;
const warmUp = 500;
const secret = 'a secret of the benchmark, not of anybody';
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));
const server = await startServer({
  env: {
    DATA_DIR: folder,
    PORT: '0',
    AUTH_JWT_SECRET: secret,
  },
});

try {
  const alice = await tokenOf('alice');
  await times(alice, warmUp);
  const quiet = await times(alice, requests);
  const hostile = fork(fileURLToPath(new URL('support/hostile-client.mjs', import.meta.url)), [
    server.url,
    await tokenOf('mallory'),
  ]);
  // Until it meets its limit: what it does from then on is what goes on.
  await once(hostile, 'message');
  const beside = await times(await tokenOf('bob'), requests);
  const [{ answered, refused }] = await Promise.all([
    once(hostile, 'message').then(([counts]) => counts),
    hostile.send('stop'),
  ]);
  await once(hostile, 'close');
  console.log(`the other client was answered ${answered} times and refused ${refused} times`);
  for (const [name, all] of Object.entries({ quiet, beside })) {
    console.log(`${name}: median ${ms(median(all))}, p99 ${ms(percentile(all, 0.99))}`);
  }
  verdict(
    "another user's query beside a hostile client / on a quiet server",
    median(beside) / median(quiet),
    2,
  );
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

function tokenOf(subject) {
  return new SignJWT({ sub: subject })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

async function times(token, count) {
  const all = [];
  for (let request = 0; request < count; request++) {
    const begin = performance.now();
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ jobs(first: 20) { nodes { id status } } }' }),
    });
    const { errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    all.push(performance.now() - begin);
  }
  return all;
}
