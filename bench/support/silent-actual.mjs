// What takes connections in place of an Actual server, and never answers: steps begin and come to no end.
import { once } from 'node:events';
import { createServer } from 'node:net';

/** `env`: what a server is configured with to use it. */
export async function openSilentActual() {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const env = {
    ACTUAL_SERVER_URL: `http://127.0.0.1:${server.address().port}`,
    ACTUAL_PASSWORD: 'any',
    ACTUAL_SYNC_ID: 'a-budget-of-a-server-that-never-answers',
  };
  return { env, close: () => server.close() };
}
