import { readFileSync } from 'node:fs';
import { buildSchema, findBreakingChanges, findDangerousChanges, isSpecifiedScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildApiSchema, printApiSchema } from '../../schema/build-schema.js';

const fileBeside = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

describe('the GraphQL schema', () => {
  it('is the one that is committed: run `npm run schema` after a change', () => {
    expect(printApiSchema()).toBe(fileBeside('../../schema/schema.graphql'));
  });

  it('keeps every promise of the public API', () => {
    const promised = buildSchema(fileBeside('promised.graphql'));
    expect(findBreakingChanges(promised, buildApiSchema())).toEqual([]);
    expect(findDangerousChanges(promised, buildApiSchema())).toEqual([]);
  });

  it('describes every type that is ours', () => {
    const ours = Object.values(buildApiSchema().getTypeMap()).filter(
      (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
    );
    const roots = ['Query', 'Mutation', 'Subscription'];
    const silent = ours.filter(({ name, description }) => !roots.includes(name) && !description);
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});
