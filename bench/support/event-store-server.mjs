// The EventStoreDB at an address, or else the tests' own in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export async function openEventStoreServer(url = '') {
  if (url !== '') return { url, isOwn: false, stop: () => Promise.resolve() };
  const entry = fileURLToPath(new URL('../../test/support/eventstoredb/server-process.mjs', import.meta.url));
  const child = fork(entry, ['{}'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ listening }] = await once(child, 'message');
  const stop = async () => {
    child.kill();
    await once(child, 'exit');
  };
  return { url: `esdb://127.0.0.1:${listening}?tls=false`, isOwn: true, stop };
}
