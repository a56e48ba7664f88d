import { expect, it } from 'vitest';
import { Explorer, type Model, type Step } from './explorer.js';

const to = (state: number, fault: string | null = null): Step<number> => ({
  label: () => `to ${state}`,
  to: state,
  fault,
});

/** A world of numbers; the first step from each is what happens by itself. */
function numbers(steps: Record<number, readonly Step<number>[]>, rules: Partial<Model<number>> = {}) {
  const model: Model<number> = {
    initial: 0,
    keyOf: String,
    stepsFrom: (state) => Promise.resolve({ all: steps[state] ?? [], onwards: steps[state]?.[0] ?? null }),
    faultOf: () => null,
    faultAtRest: () => null,
    ...rules,
  };
  return new Explorer(model, 100).explore();
}

it('visits every state once', async () => {
  const exploration = await numbers({ 0: [to(1), to(2)], 1: [to(3)], 2: [to(3)] });

  expect(exploration).toEqual({ states: 4, steps: 4, atRest: 1, violation: null });
});

it('says the shortest way to a state that must not be', async () => {
  const { violation } = await numbers(
    { 0: [to(1), to(3)], 1: [to(2)], 2: [to(4)], 3: [to(4)] },
    { faultOf: (state) => (state === 4 ? 'four' : null) },
  );

  expect(violation).toEqual({ what: 'four', history: ['to 3', 'to 4'] });
});

it('says the way to a step that must not be taken', async () => {
  const { violation } = await numbers({ 0: [to(1)], 1: [to(0, 'back')] });

  expect(violation).toEqual({ what: 'back', history: ['to 1', 'to 0'] });
});

it('follows what happens by itself to where it rests in disorder', async () => {
  const { violation } = await numbers(
    { 0: [to(1), to(2)], 2: [to(3)] },
    { faultAtRest: (state) => (state === 3 ? 'three' : null) },
  );

  expect(violation).toEqual({ what: 'Left to itself, three', history: ['to 2', 'by itself: to 3'] });
});

it('finds what goes round in circles though a way leads out', async () => {
  const { violation } = await numbers({ 0: [to(1)], 1: [to(2), to(3)], 2: [to(1)] });

  expect(violation?.what).toBe('Left to itself, it goes round in circles');
});

it('does not go on for ever', async () => {
  const endless: Partial<Model<number>> = {
    stepsFrom: (state) => Promise.resolve({ all: [to(state + 1)], onwards: to(state + 1) }),
  };

  await expect(numbers({}, endless)).rejects.toThrow('more than 100 states');
});
