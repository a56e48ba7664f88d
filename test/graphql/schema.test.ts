import { readFileSync } from 'node:fs';
import {
  buildSchema,
  findBreakingChanges,
  findDangerousChanges,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  parse,
  validate,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { examplesIn, printApiDocs } from '../../schema/api-docs.js';
import { buildApiSchema, printApiSchema } from '../../schema/build-schema.js';

const fileBeside = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

describe('the GraphQL schema', () => {
  it('is the one that is committed: run `npm run schema` after a change', () => {
    expect(printApiSchema()).toBe(fileBeside('../../schema/schema.graphql'));
  });

  it('is described in docs/api.md, with examples that it accepts: run `npm run schema` after a change', () => {
    const document = fileBeside('../../schema/examples.graphql');
    const examples = examplesIn(document);

    expect(printApiDocs(buildApiSchema(), examples)).toBe(fileBeside('../../docs/api.md'));
    for (const { text } of examples) expect(validate(buildApiSchema(), parse(text))).toEqual([]);
    const asked = parse(document).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [],
    );
    const named = asked.map((selection) => (selection.kind === Kind.FIELD ? selection.name.value : ''));
    const roots = [...operationsOf('Query'), ...operationsOf('Mutation'), ...operationsOf('Subscription')];
    expect(named).toEqual(expect.arrayContaining(roots));
  });

  it('keeps every promise of the public API', () => {
    const promised = buildSchema(fileBeside('promised.graphql'));
    expect(findBreakingChanges(promised, buildApiSchema())).toEqual([]);
    expect(findDangerousChanges(promised, buildApiSchema())).toEqual([]);
  });

  it('describes each type, field, argument and value that is ours', () => {
    expect(silentParts(buildApiSchema())).toEqual([]);
  });

  it('describes the codes that are promised', () => {
    const { ErrorCode, FailureCode } = buildApiSchema().getTypeMap();
    expect(valuesOf(ErrorCode)).toEqual(expect.arrayContaining(promisedCodes.ofErrors));
    expect(valuesOf(FailureCode)).toEqual(expect.arrayContaining(promisedCodes.ofFailures));
  });

  it('breaks nothing that was released', () => {
    const released = buildSchema(fileBeside('../../schema/released.graphql'));
    expect(brokenSince(released, buildApiSchema())).toEqual([]);
  });

  it.each([
    ['a field is gone', 'type Query { viewer: Int }', /job was removed/],
    ['a field may be null', 'type Query { job(id: ID): Int viewer: Int }', /viewer changed type/],
    ['an argument is required', 'type Query { job(id: ID!): Int viewer: Int! }', /id has changed type/],
    ['a value is gone', 'type Query { job(id: ID): Int viewer: Int! } enum Kind { A }', /B was removed/],
  ])('would be said to break what was released where %s', (_what, changed, sentence) => {
    const released = 'type Query { job(id: ID): Int viewer: Int! } enum Kind { A B }';
    expect(brokenSince(buildSchema(released), buildSchema(`${changed} enum Other { A }`))).toContainEqual(
      expect.stringMatching(sentence),
    );
  });
});

/** A client that was written for the earlier one would no longer work. More may be added, values of enums included. */
function brokenSince(earlier: GraphQLSchema, later: GraphQLSchema): readonly string[] {
  return findBreakingChanges(earlier, later).map(({ description }) => description);
}

const promisedCodes = {
  ofErrors: [
    ...[
      'UNAUTHENTICATED',
      'MISSING_INPUT',
      'INVALID_INPUT',
      'UNKNOWN_BUDGET',
      'JOB_NOT_FOUND',
      'JOB_ALREADY_ACTIVE',
    ],
    ...['IDEMPOTENCY_KEY_REUSED', 'JOB_NOT_RETRYABLE', 'TOO_MANY_JOBS', 'RATE_LIMITED', 'QUERY_TOO_COMPLEX'],
    ...['EVENT_STORE_UNAVAILABLE', 'INTERNAL'],
  ],
  ofFailures: [
    ...[
      'ACTUAL_UNREACHABLE',
      'ACTUAL_TIMEOUT',
      'ACTUAL_AUTH_FAILED',
      'ACTUAL_RATE_LIMITED',
      'ACTUAL_BUDGET_NOT_FOUND',
    ],
    ...['ACTUAL_BUDGET_RESET', 'ACTUAL_ENCRYPTION', 'ACTUAL_VERSION_MISMATCH', 'ACTUAL_NOT_A_SERVER'],
    ...['ACTUAL_SERVER_ERROR', 'LOCAL_STORAGE', 'MODEL_UNREACHABLE', 'MODEL_TIMEOUT', 'MODEL_AUTH_FAILED'],
    ...[
      'MODEL_RATE_LIMITED',
      'MODEL_QUOTA',
      'MODEL_BAD_ANSWER',
      'MODEL_CAP_REACHED',
      'BATCH_EMPTY',
      'STEP_DEADLINE',
    ],
    ...['INTERRUPTED_TOO_OFTEN', 'PREREQUISITE_FAILED', 'INTERNAL'],
  ],
};

function operationsOf(root: string): string[] {
  const type = buildApiSchema().getType(root);
  return isObjectType(type) ? Object.keys(type.getFields()) : [];
}

function valuesOf(type: GraphQLNamedType | undefined): readonly string[] {
  return isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
}

/** The types of operations describe themselves. */
const roots = ['Query', 'Mutation', 'Subscription'];

function silentParts(schema: GraphQLSchema): readonly string[] {
  const ours = Object.values(schema.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  );
  return ours.flatMap((type) => [
    ...(type.description || roots.includes(type.name) ? [] : [type.name]),
    ...partsOf(type)
      .filter(([, description]) => !description)
      .map(([name]) => name),
  ]);
}

function partsOf(type: GraphQLNamedType): readonly (readonly [string, string | null | undefined])[] {
  if (isEnumType(type)) {
    return type.getValues().map(({ name, description }) => [`${type.name}.${name}`, description]);
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map(({ name, description }) => [
      `${type.name}.${name}`,
      description,
    ]);
  }
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap(({ name, description, args }) => [
    [`${type.name}.${name}`, description],
    ...args.map((argument) => [`${type.name}.${name}(${argument.name})`, argument.description] as const),
  ]);
}
