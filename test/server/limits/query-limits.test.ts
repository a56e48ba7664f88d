import { getIntrospectionQuery, Kind, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildApiSchema } from '../../../schema/build-schema.js';
import { complexityOf } from '../../../src/server/limits/query-complexity.js';
import { queryLimitRule } from '../../../src/server/limits/query-limit-rule.js';

const schema = buildApiSchema();

function faultsWith(query: string, limits: { depth?: number; aliases?: number }) {
  const rule = queryLimitRule({ depth: 25, aliases: 100, ...limits });
  return validate(schema, parse(query), [rule]).map(({ message }) => message);
}

function complexity(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  expect(validate(schema, document, specifiedRules)).toEqual([]);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('No operation comes first');
  return complexityOf({ schema, document, operation, variables });
}

describe('the depth of a request', () => {
  it.each([
    ['of fields', '{ jobs { nodes { steps { order } } } }', 4],
    ['of selections in place', '{ jobs { ... on JobConnection { ... { totalCount } } } }', 4],
    [
      'of fragments',
      '{ jobs { ...a } } fragment a on JobConnection { nodes { ...b } } fragment b on Job { id }',
      5,
    ],
    [
      'of the deepest use of a fragment',
      '{ job(id: 1) { ...b } jobs { nodes { ...b } } } fragment b on Job { steps { order } }',
      5,
    ],
  ])('is counted in selections, those %s included', (_what, query, depth) => {
    expect(faultsWith(query, { depth })).toEqual([]);
    expect(faultsWith(query, { depth: depth - 1 })).toEqual([
      `The request is nested more than ${depth - 1} levels deep: ask for less at once.`,
    ]);
  });

  it('is found at once where fragments use each other in a circle, or each the next one twice', () => {
    const circle = '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a viewer { id } }';
    const doubled = Array.from(
      { length: 60 },
      (_, n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`,
    );
    expect(faultsWith(circle, {})).toEqual([]);
    expect(
      faultsWith(`{ ...f0 } ${doubled.join(' ')} fragment f60 on Query { viewer { id } }`, { depth: 70 }),
    ).toEqual([]);
  });

  it('is enough for what tools ask of a schema', () => {
    expect(faultsWith(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }), {})).toEqual([]);
  });
});

describe('the aliases of a request', () => {
  it('are counted, and one fault is found however many are too many', () => {
    const query = '{ a: viewer { b: id } c: viewer { ...d } } fragment d on Viewer { e: id }';

    expect(faultsWith(query, { aliases: 4 })).toEqual([]);
    expect(faultsWith(query, { aliases: 1 })).toEqual([
      'The request renames more than 1 fields: ask in several requests.',
    ]);
  });
});

describe('the complexity of a request', () => {
  it.each<[string, string, Record<string, unknown>, number]>([
    ['one for each field', '{ viewer { id } }', {}, 2],
    ['the items of a page as often as there may be', '{ jobs(first: 50) { nodes { id } } }', {}, 1 + 50 * 2],
    ['a page by its default length', '{ jobs { nodes { id } } }', {}, 1 + 20 * 2],
    ['a page by a variable', 'query ($n: Int) { jobs(first: $n) { totalCount } }', { n: 30 }, 1 + 30],
    [
      'pages in pages',
      '{ jobs(first: 10) { nodes { suggestions(first: 7) { totalCount } } } }',
      {},
      1 + 10 * (1 + 1 + 7),
    ],
    ['other lists ten times', '{ job(id: 1) { steps { order } } }', {}, 1 + 1 + 10],
    [
      'a page that is too long as the longest: who carries it out refuses it',
      '{ jobs(first: 9999) { totalCount } }',
      {},
      501,
    ],
    [
      'what is left out not at all',
      'query ($no: Boolean = false) { viewer { id @include(if: $no) } }',
      {},
      1,
    ],
    [
      'the operation that is meant alone',
      'query Q { viewer { id } } query Other { jobs { totalCount } }',
      {},
      2,
    ],
  ])('counts %s', (_what, query, variables, expected) => {
    expect(complexity(query, variables)).toBe(expected);
  });

  it('counts what the schema says of itself without its lists', () => {
    expect(complexity(getIntrospectionQuery())).toBeLessThan(1_000);
  });

  it('has no end where fragments make it so', () => {
    const doubled = Array.from(
      { length: 40 },
      (_, n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`,
    );
    const query = `query Q { ...f0 } ${doubled.join(' ')} fragment f40 on Query { viewer { id } }`;
    expect(complexity(query)).toBe(Infinity);
  });

  it('leaves what is wrong with variables to whoever carries it out', () => {
    expect(complexity('query Q($n: Int!) { jobs(first: $n) { totalCount } }', { n: 'many' })).toBe(0);
  });
});
