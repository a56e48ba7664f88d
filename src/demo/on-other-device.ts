import type { DemoLog } from './demo-log.js';
import { DemoProcess } from './demo-process.js';
import { deviceAnswerSchema, type DeviceTask } from './device-task.js';

const DEADLINE_MS = 60_000;

/**
 * Carries out a task in a process of its own, which is gone afterwards. Resolves with the Sync ID of the
 * budget; rejects when it failed, was aborted or took too long.
 */
export async function onOtherDevice(task: DeviceTask, log: DemoLog, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  const device = new DemoProcess('device-process', { log });
  const kill = () => void device.kill();
  signal?.addEventListener('abort', kill);
  try {
    device.send(task);
    const answer = await device.answer(deviceAnswerSchema, DEADLINE_MS);
    if (answer.type === 'failed') throw new Error(answer.detail);
    return answer.syncId;
  } finally {
    signal?.removeEventListener('abort', kill);
    await device.kill();
  }
}
