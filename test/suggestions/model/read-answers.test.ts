import { describe, expect, it } from 'vitest';
import { labelCategories } from '../../../src/suggestions/model/category-labels.js';
import { readAnswers } from '../../../src/suggestions/model/read-answers.js';

const groceries = { id: 'c1', name: 'Groceries', groupName: 'Everyday' };
const labels = labelCategories([groceries]);
const item = '{"row":1,"category":"Groceries","confidence":0.8,"reason":"Food"}';
const json = `{"answers":[${item}]}`;
const answer = { category: groceries, confidence: 0.8, reason: 'Food' };

describe('an answer of a model', () => {
  it.each([
    ['alone', json],
    ['in a block of code', `\`\`\`json\n${json}\n\`\`\``],
    ['in a block of code of no language', ` \`\`\`\n${json}\`\`\`\n`],
    ['after a sentence', `Here you are:\n\n\`\`\`JSON\n${json}\n\`\`\`\nI hope that {this} helps.`],
    ['between sentences', `Sure: ${json} Anything else?`],
    ['after thoughts', `<think>A {draft}: {"answers":[]}</think>\n${json}`],
    ['without its frame', `[${item}]`],
    ['by itself', item],
    ['without its frame, after a sentence', `The answers: [${item}].`],
  ])('is read where it stands %s', (_where, text) => {
    expect(readAnswers(text, [1], labels)).toEqual(new Map([[1, answer]]));
  });

  it.each([
    ['numbers as text', { row: '1', confidence: ' 0.8 ' }, answer],
    ['a percentage', { confidence: 80 }, answer],
    ['a percentage as text', { confidence: '80 %' }, answer],
    ['more than certainty', { confidence: 1e300 }, { ...answer, confidence: 1 }],
    ['less than nothing', { confidence: -3 }, { ...answer, confidence: 0 }],
    ['no reason', { reason: undefined }, { ...answer, reason: '' }],
    ['a reason that is no text', { reason: ['Food'] }, { ...answer, reason: '' }],
  ])('is understood with %s', (_what, fields, expected) => {
    const text = JSON.stringify({ answers: [{ ...(JSON.parse(item) as object), ...fields }] });

    expect(readAnswers(text, [1], labels)).toEqual(new Map([[1, expected]]));
  });

  it.each([
    ['half a row', { row: 1.5 }],
    ['a confidence in words', { confidence: 'high' }],
    ['no category', { category: null }],
  ])('cannot be used with %s', (_what, fields) => {
    const text = JSON.stringify({ answers: [{ ...(JSON.parse(item) as object), ...fields }] });

    expect(readAnswers(text, [1], labels)).toEqual(new Map());
  });

  it.each([
    ['nothing', ''],
    ['a great many beginnings', '{['.repeat(500_000)],
    ['a great many ends', ']}'.repeat(500_000)],
    ['a great many blocks', '```'.repeat(500_000)],
    ['the beginning of a block', '```json'],
    ['the beginning of a block and a lot of space', `\`\`\`json\n${' '.repeat(1_000_000)}`],
    ['a lot of space', ' '.repeat(1_000_000)],
  ])('is none where it is %s, which is seen at once', (_what, text) => {
    expect(readAnswers(text, [1], labels)).toEqual(new Map());
  });
});
