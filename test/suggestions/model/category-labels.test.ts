import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelCategories, noneOfThese } from '../../../src/suggestions/model/category-labels.js';

const category = (name: string, groupName = 'Home', id = `${groupName}/${name}`) => ({ id, name, groupName });

describe('the names under which a model knows the categories', () => {
  it('are their own', () => {
    expect([...labelCategories([category('Rent'), category('Food & Drink')]).keys()]).toEqual([
      'Rent',
      'Food & Drink',
    ]);
  });

  it('have their group with them where several are called alike', () => {
    const labels = labelCategories([category('Other', 'Home'), category('Other', 'Car'), category('Rent')]);

    expect([...labels].map(([label, { groupName }]) => [label, groupName])).toEqual([
      ['Other (Home)', 'Home'],
      ['Other (Car)', 'Car'],
      ['Rent', 'Home'],
    ]);
  });

  it('are told apart from each other and from “none of these” whatever they are', () => {
    const labels = labelCategories([
      category(noneOfThese),
      category('rent', 'Home', '1'),
      category('RENT', 'Home', '2'),
      category('\n', 'Home', '3'),
      category('', 'Home', '4'),
    ]);
    const keys = [...labels.keys()].map((label) => label.toLowerCase());

    expect(new Set([...keys, noneOfThese.toLowerCase()]).size).toBe(6);
    expect([...labels.values()].map(({ id }) => id)).toEqual([`Home/${noneOfThese}`, '1', '2', '3', '4']);
  });

  it('fit into an enum of structured outputs, for any number of categories with any names', () => {
    const many = fc.array(
      fc.record({
        id: fc.uuid(),
        name: fc.string({ maxLength: 60 }),
        groupName: fc.string({ maxLength: 60 }),
      }),
      { maxLength: 700 },
    );
    fc.assert(
      fc.property(many, (categories) => {
        const labels = [...labelCategories(categories).keys()];
        expect(labels).toHaveLength(categories.length);
        expect(new Set(labels).size).toBe(labels.length);
        expect(labels.join('').length).toBeLessThan(15_000);
        expect(labels.every((label) => label.trim() !== '')).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
