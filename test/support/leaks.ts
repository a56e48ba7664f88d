import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from 'vitest';

/** What keeps a process alive, and what a test must end itself. */
const kinds = ['TCPServerWrap', 'TCPSocketWrap', 'ProcessWrap', 'Timeout', 'MessagePort', 'FSEventWrap'];
/** Sockets and processes take a moment to be gone after they were told to; so do the test runner's own timers. */
const patienceMs = 3_000;

const leaked = () => process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind));

afterAll(async () => {
  const giveUpAt = performance.now() + patienceMs;
  while (leaked().length > 0 && performance.now() < giveUpAt) await pause(20);
  const left = leaked();
  if (left.length > 0) throw new Error(`This test file left behind: ${left.join(', ')}`);
});
