import { workerData } from 'node:worker_threads';

const LOOK_EVERY_MS = 250;

/** Runs as a thread, see `parent-watch.ts`. Who loses its parent is handed to another one: its id changes. */
setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, LOOK_EVERY_MS);
