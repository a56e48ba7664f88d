import { describe, expect, it } from 'vitest';
import { labelCategories } from '../../../src/suggestions/model/category-labels.js';
import { readAnswers } from '../../../src/suggestions/model/read-answers.js';

const groceries = { id: 'c1', name: 'Groceries', groupName: 'Everyday' };
const labels = labelCategories([groceries]);
const json = '{"answers":[{"row":1,"category":"Groceries","confidence":0.8,"reason":"Food"}]}';
const answer = { category: groceries, confidence: 0.8, reason: 'Food' };

describe('an answer of a model', () => {
  it.each([
    ['alone', json],
    ['in a block of code', `\`\`\`json\n${json}\n\`\`\``],
    ['in a block of code of no language', ` \`\`\`\n${json}\`\`\`\n`],
  ])('is read where it stands %s', (_where, text) => {
    expect(readAnswers(text, [1], labels)).toEqual(new Map([[1, answer]]));
  });

  it.each([
    ['nothing', ''],
    ['the beginning of a block', '```json'],
    ['the beginning of a block and a lot of space', `\`\`\`json\n${' '.repeat(1_000_000)}`],
    ['a lot of space', ' '.repeat(1_000_000)],
  ])('is none where it is %s, which is seen at once', (_what, text) => {
    expect(readAnswers(text, [1], labels)).toEqual(new Map());
  });
});
