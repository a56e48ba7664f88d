import { expect, it } from 'vitest';
import { livesOf, longLivesOf } from './plan.js';

const first = (seed: number, server = 0) => {
  const lives = livesOf(seed, server);
  return Array.from({ length: 200 }, () => lives.next().value);
};

it('is the same for the same seed, and another one for another seed or server', () => {
  expect(first(7)).toEqual(first(7));
  expect(first(8)).not.toEqual(first(7));
  expect(first(7, 1)).not.toEqual(first(7));
});

it('holds every kind of end and of trouble', () => {
  const lives = first(1);

  expect(new Set(lives.map(({ end }) => (end.kind === 'WRITE' ? end.side : end.kind)))).toEqual(
    new Set(['START', 'MOMENT', 'before', 'after']),
  );
  expect(lives.some(({ end }) => end.kind === 'WRITE' && end.type === 'StepAdvanced')).toBe(true);
  expect(new Set(lives.map(({ trouble }) => trouble?.kind)).size).toBe(10);
});

it('holds lives that make so many jobs on average, where they are to be long', () => {
  const lives = longLivesOf(7, 0, 100);
  const numbers = Array.from({ length: 1_000 }, () => {
    const { end } = lives.next().value;
    return end.kind === 'JOBS' ? end.number : 0;
  });

  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(50);
  expect(Math.max(...numbers)).toBeLessThanOrEqual(150);
  expect(numbers.reduce((sum, number) => sum + number, 0) / 1_000).toBeCloseTo(100, -1);
});
