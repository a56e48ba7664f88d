import { afterAll, beforeAll, expect } from 'vitest';

/** What keeps a process alive, and what a test must end itself. */
const kinds = ['TCPServerWrap', 'TCPSocketWrap', 'ProcessWrap', 'Timeout', 'MessagePort', 'FSEventWrap'];

function active(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (kinds.includes(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

let before: Record<string, number> = {};

beforeAll(() => {
  before = active();
});

/** Sockets and processes take a moment to be gone after they were told to. */
afterAll(async () => {
  await expect
    .poll(
      () => Object.entries(active()).filter(([kind, count]) => count > (before[kind] ?? 0)),
      { timeout: 3_000, message: 'A test file left timers, sockets or processes behind' },
    )
    .toEqual([]);
});
