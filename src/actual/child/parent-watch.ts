import { Worker } from 'node:worker_threads';

/**
 * Ends this process when its parent is gone, however the parent ended. The channel closes at once, but a main
 * thread that is busy, for example in SQLite, does not hear of it; so a thread of its own looks after the
 * parent as well.
 */
export function endWithParent(parentPid: number): void {
  process.on('disconnect', () => process.exit(0));
  const watch = new Worker(new URL('./parent-watch-thread.js', import.meta.url), { workerData: parentPid });
  watch.unref();
}
