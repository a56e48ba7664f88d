import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';

/** What keeps a process alive, and what a test must end itself. */
const kinds = ['TCPServerWrap', 'TCPSocketWrap', 'ProcessWrap', 'Timeout', 'MessagePort', 'FSEventWrap'];
/** Sockets and processes take a moment to be gone after they were told to. */
const patienceMs = 3_000;

function active(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo().filter((each) => kinds.includes(each))) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function leaked(before: ReadonlyMap<string, number>): string[] {
  return [...active()]
    .filter(([kind, count]) => count > (before.get(kind) ?? 0))
    .map(([kind, count]) => `${count - (before.get(kind) ?? 0)} ${kind}`);
}

let before: ReadonlyMap<string, number> = new Map();

beforeAll(() => {
  before = active();
});

afterAll(async () => {
  const giveUpAt = performance.now() + patienceMs;
  while (leaked(before).length > 0 && performance.now() < giveUpAt) await pause(20);
  const left = leaked(before);
  if (left.length > 0) throw new Error(`This test file left behind: ${left.join(', ')}`);
});
