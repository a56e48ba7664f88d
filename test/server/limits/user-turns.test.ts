import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { UserTurns } from '../../../src/server/limits/user-turns.js';

/** Asks for one of each in turn, and tells in which order they have begun. */
function asking(turns: UserTurns, ...users: readonly string[]): string[] {
  const begun: string[] = [];
  for (const user of users) void turns.next(user).then(() => begun.push(user));
  return begun;
}

describe('turns of users', () => {
  it('let one request begin at once', async () => {
    const begun = asking(new UserTurns(), 'one');
    await Promise.resolve();
    expect(begun).toEqual(['one']);
  });

  it('let one request of each user begin in a turn, whoever asks for more', async () => {
    const begun = asking(new UserTurns(), 'greedy', 'greedy', 'greedy', 'modest');
    await Promise.resolve();
    expect(begun).toEqual(['greedy', 'modest']);
    await nextTurn();
    expect(begun).toEqual(['greedy', 'modest', 'greedy']);
    await nextTurn();
    expect(begun).toEqual(['greedy', 'modest', 'greedy', 'greedy']);
  });

  it('let a user who comes later begin before those who wait for themselves', async () => {
    const turns = new UserTurns();
    const first = asking(turns, 'greedy', 'greedy', 'greedy');
    await nextTurn();
    const later = asking(turns, 'modest');
    await Promise.resolve();
    expect(later).toEqual(['modest']);
    expect(first).toEqual(['greedy', 'greedy']);
  });

  it('forget whoever asks for nothing more', async () => {
    const turns = new UserTurns();
    await turns.next('one');
    await nextTurn();
    const begun = asking(turns, 'one');
    await Promise.resolve();
    expect(begun).toEqual(['one']);
  });
});
