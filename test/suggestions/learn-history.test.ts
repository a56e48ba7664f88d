import { describe, expect, it } from 'vitest';
import { CategoryModel } from '../../src/suggestions/category-model.js';
import { learnHistory } from '../../src/suggestions/learn-history.js';
import type { CategorisedTransaction } from '../../src/suggestions/suggester.js';
import { bookings, categorised, gifts, groceries, transport } from './budget.js';

/** A model that only notes what it is told, in order. */
class RecordingModel extends CategoryModel {
  readonly told: string[] = [];

  override learn({ id }: CategorisedTransaction): void {
    this.told.push(`learn ${id}`);
  }

  override calibrate({ id }: CategorisedTransaction): void {
    this.told.push(`calibrate ${id}`);
  }
}

function toldOf(history: readonly CategorisedTransaction[]): { told: readonly string[]; steps: number } {
  const model = new RecordingModel([]);
  const steps = [...learnHistory(model, history)].length;
  return { told: model.told, steps };
}

describe('a history', () => {
  it('is learnt oldest first, each day after it has shown how right the days before were', () => {
    const history = [
      categorised(groceries, { id: 'a', date: '2026-11-01' }),
      categorised(gifts, { id: 'b', date: '2026-11-01' }),
      categorised(transport, { id: 'c', date: '2026-11-02' }),
    ];
    expect(toldOf(history).told).toEqual([
      'calibrate a',
      'calibrate b',
      'learn a',
      'learn b',
      'calibrate c',
      'learn c',
    ]);
  });

  it('may be none', () => {
    expect(toldOf([])).toEqual({ told: [], steps: 0 });
  });

  it('is learnt one transaction a step', () => {
    expect(toldOf(bookings(7, groceries)).steps).toBe(14);
  });

  it.each(['one transaction a day', 'all on one day'])(
    'is learnt as a whole where it is long, and calibrates by its newest part: %s',
    (spread) => {
      const each = categorised(groceries);
      const history = bookings(4_000, groceries).map((old) =>
        spread === 'all on one day' ? { ...old, date: each.date } : old,
      );
      const { told } = toldOf(history);
      expect(told.filter((what) => what.startsWith('learn'))).toEqual(history.map(({ id }) => `learn ${id}`));
      expect(told.filter((what) => what.startsWith('calibrate'))).toEqual(
        history.slice(-3_000).map(({ id }) => `calibrate ${id}`),
      );
    },
  );
});
