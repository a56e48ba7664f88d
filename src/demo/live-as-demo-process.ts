import { endWithParent } from '../actual/child/parent-watch.js';

/** To be called first by the entry of a process that `demo-process.ts` starts. */
export function liveAsDemoProcess(): void {
  endWithParent(Number(process.argv[2]));
  // The files are a budget and the hash of a password.
  process.umask(0o077);
  // Ctrl-C goes to all processes of a terminal, but jobs that are stopping may still need this one.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
}
