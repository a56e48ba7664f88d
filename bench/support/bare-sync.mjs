// Syncs a budget with Actual's library alone, again and again, and says how long each took.
import { mkdirSync } from 'node:fs';
import { once } from 'node:events';

const [{ folder, rounds, url, password, syncId }] = await once(process, 'message');
mkdirSync(folder, { recursive: true });
const api = await import('@actual-app/api');
const lib = await api.init({ dataDir: folder, serverURL: url, password, verbose: false });
await api.downloadBudget(syncId);
const times = [];
for (let round = -3; round < rounds; round++) {
  const begin = performance.now();
  const outcome = await lib.send('sync');
  if ('error' in outcome) throw new Error(JSON.stringify(outcome.error));
  if (round >= 0) times.push(performance.now() - begin);
}
process.send(times);
