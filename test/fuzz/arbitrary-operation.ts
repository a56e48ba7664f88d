import fc from 'fast-check';
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { anyText } from './arbitrary-text.js';

/** An operation as a client sends it; it need not be one that the schema accepts. */
export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Selected {
  readonly text: string;
  readonly variables: readonly Variable[];
}

interface Variable {
  readonly type: string;
  readonly value: unknown;
}

const integers = [0, 1, -1, 2, 100, 101, 500, 501, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, 1e308, 0.5];
const anyNumber = fc.oneof(fc.constantFrom(...integers), fc.integer(), fc.double());

export interface ArbitraryOperationOptions {
  /** Ids, cursors and positions that mean something to the server. */
  readonly known: fc.Arbitrary<string>;
  /** Levels of selections. */
  readonly depth: number;
}

/** Any operation of these kinds over the whole schema: every field, and every argument with values that fit and that do not. */
export function anyOperation(
  schema: GraphQLSchema,
  kinds: readonly ('query' | 'mutation' | 'subscription')[],
  options: ArbitraryOperationOptions,
): fc.Arbitrary<Operation> {
  const ofKind = (kind: (typeof kinds)[number]) => {
    const root = {
      query: schema.getQueryType(),
      mutation: schema.getMutationType(),
      subscription: schema.getSubscriptionType(),
    }[kind];
    if (!root) throw new Error(`The schema has no ${kind}`);
    return selectionOf(root, options, options.depth).map((selected) => operationOf(kind, selected));
  };
  return fc.oneof(...kinds.map(ofKind));
}

function operationOf(kind: string, { text, variables }: Selected): Operation {
  let count = 0;
  const numbered = text.replaceAll('$?', () => `$v${count++}`);
  const declared = variables.map(({ type }, n) => `$v${n}: ${type}`).join(', ');
  return {
    query: `${kind}${declared === '' ? '' : `(${declared})`} ${numbered}`,
    variables: Object.fromEntries(variables.map(({ value }, n) => [`v${n}`, value])),
  };
}

/** Some of the fields, at least one. */
function selectionOf(
  type: GraphQLNamedType,
  options: ArbitraryOperationOptions,
  depth: number,
): fc.Arbitrary<Selected> {
  if (isUnionType(type)) {
    const parts = type.getTypes().map((member) =>
      selectionOf(member, options, depth).map(({ text, variables }) => ({
        text: `... on ${member.name} ${text}`,
        variables,
      })),
    );
    return fc.tuple(...parts).map(joined);
  }
  const fields = Object.values((type as GraphQLObjectType).getFields()).filter(
    (field) => depth > 1 || !isCompositeType(getNamedType(field.type)),
  );
  if (fields.length === 0) return fc.constant({ text: '{ __typename }', variables: [] });
  return fc
    .subarray(fields, { minLength: 1, maxLength: Math.min(fields.length, 5) })
    .chain((chosen) => fc.tuple(...chosen.map((field) => fieldOf(field, options, depth))))
    .map(joined);
}

function joined(parts: readonly Selected[]): Selected {
  return {
    text: `{ ${parts.map(({ text }) => text).join(' ')} }`,
    variables: parts.flatMap(({ variables }) => variables),
  };
}

function fieldOf(
  field: GraphQLField<unknown, unknown>,
  options: ArbitraryOperationOptions,
  depth: number,
): fc.Arbitrary<Selected> {
  const type = getNamedType(field.type);
  const inner =
    isObjectType(type) || isUnionType(type)
      ? selectionOf(type, options, depth - 1)
      : fc.constant<Selected>({ text: '', variables: [] });
  const args = fc
    .subarray([...field.args])
    .chain((chosen) => fc.tuple(...chosen.map((argument) => argumentOf(argument, options))));
  return fc.tuple(args, inner).map(([given, selected]) => ({
    text: `${field.name}${given.length === 0 ? '' : `(${given.map(({ name }) => `${name}: $?`).join(', ')})`} ${selected.text}`,
    variables: [...given.map(({ variable }) => variable), ...selected.variables],
  }));
}

function argumentOf(
  { name, type }: GraphQLArgument,
  options: ArbitraryOperationOptions,
): fc.Arbitrary<{ readonly name: string; readonly variable: Variable }> {
  return valueOf(type, options).map((value) => ({ name, variable: { type: String(type), value } }));
}

/** Mostly of the type; now and then of another one, or null. */
function valueOf(type: GraphQLInputType, options: ArbitraryOperationOptions): fc.Arbitrary<unknown> {
  const wrong = fc.oneof(
    fc.constant(null),
    anyNumber,
    anyText,
    fc.boolean(),
    fc.constant([]),
    fc.constant({}),
  );
  return fc.oneof({ weight: 9, arbitrary: fittingValueOf(type, options) }, { weight: 1, arbitrary: wrong });
}

function fittingValueOf(type: GraphQLInputType, options: ArbitraryOperationOptions): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return fittingValueOf(getNullableType(type), options);
  if (isListType(type)) return fc.array(valueOf(type.ofType, options), { maxLength: 5 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (isInputObjectType(type)) {
    const fields = Object.fromEntries(
      Object.values(type.getFields()).map(({ name, type: of }) => [name, valueOf(of, options)]),
    );
    return fc.record(fields, { requiredKeys: [] });
  }
  const scalars: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    Int: anyNumber,
    Float: anyNumber,
    Boolean: fc.boolean(),
  };
  return scalars[type.name] ?? fc.oneof(anyText, options.known);
}
