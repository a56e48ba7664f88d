import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { lockFolder } from '../actual/child/folder-lock.js';
import { addPurchases } from './add-purchases.js';
import { createBudget } from './create-budget.js';
import { deviceTaskSchema, type DeviceAnswer, type DeviceTask } from './device-task.js';
import { liveAsDemoProcess } from './live-as-demo-process.js';

/** Entry of the process that carries out one task on the other device, see `on-other-device.ts`. */

liveAsDemoProcess();

process.once('message', (raw) => {
  const task = deviceTaskSchema.parse(raw);
  void carryOut(task)
    .then<DeviceAnswer, DeviceAnswer>(
      (syncId) => ({ type: 'done', syncId }),
      (error: unknown) => ({ type: 'failed', detail: detailOf(error) }),
    )
    .then((answer) => process.send?.(answer, () => process.exit()));
});

/** Resolves with the Sync ID once the server has everything. */
async function carryOut({ folder, serverUrl, password, work, ...task }: DeviceTask): Promise<string> {
  const dataDir = path.join(folder, 'copy');
  mkdirSync(dataDir, { recursive: true });
  lockFolder(folder);
  const api = await import('@actual-app/api');
  const lib = await api.init({ dataDir, serverURL: serverUrl, password, verbose: false });
  const syncId =
    work.kind === 'create-budget'
      ? await createBudget(api, task)
      : await addPurchases(api, { ...task, syncId: work.syncId });
  const { error } = (await lib.send('sync')) as { error?: { reason: string } };
  if (error) throw new Error(`The sync failed: ${error.reason}`);
  await api.shutdown();
  return syncId;
}

/** The library throws plain objects, too. */
function detailOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);
}
