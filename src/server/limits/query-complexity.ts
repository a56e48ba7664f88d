import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isIntrospectionType,
  isListType,
  Kind,
  type DocumentNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { getComplexity, type ComplexityEstimator } from 'graphql-query-complexity';
import { QueryTooComplexError } from './query-too-complex-error.js';

export interface Operation {
  readonly schema: GraphQLSchema;
  /** Valid. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/** No page is longer: whoever asks for more is refused for that. */
const longestPage = 500;
/** For lists that come whole, such as the steps of a job. */
const usualLength = 10;
/** Fragments that are used again and again make a short request endless. */
const mostNodes = 10_000;

/**
 * How much a request asks for: one for each field, as often as it may be answered. That is once for each item of a page of
 * `first` items, and ten times in other lists. What the schema says of itself is small, and counts without its lists.
 */
export function complexityOf({ schema, document, operation, variables }: Operation): number {
  // The library takes the name of an operation for granted, where there are several.
  const definitions = document.definitions.filter(
    (definition) => definition === operation || definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  try {
    return getComplexity({
      schema,
      query: { ...document, definitions },
      variables: { ...variables },
      estimators: [estimate],
      maxQueryNodes: mostNodes,
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    // Of the others, which are about variables and arguments, whoever carries it out tells more.
    return error.message.includes('maximum allowed number of nodes') ? Infinity : 0;
  }
}

/** A request that asks for much counts as several: as one more for each so many fields. */
const fieldsOfARequest = 1_000;

/**
 * As how many further requests this one counts.
 *
 * @throws QueryTooComplexError
 */
export function extraRequestsOf(operation: Operation, most: number): number {
  const complexity = complexityOf(operation);
  if (complexity <= most) return Math.floor(complexity / fieldsOfARequest);
  const message = `The request asks for more than ${most} fields at once: ask for shorter pages, fewer fields, or in several requests.`;
  throw new QueryTooComplexError('COMPLEXITY', message, operation.operation);
}

const estimate: ComplexityEstimator = ({ type, field, args, childComplexity }) =>
  1 + childComplexity * timesOf(type.name, field.type, args);

function timesOf(parent: string, type: GraphQLOutputType, { first }: { readonly first?: unknown }): number {
  if (typeof first === 'number') return Math.min(longestPage, Math.max(1, first));
  const isPage = parent.endsWith('Connection');
  if (isPage || isIntrospectionType(getNamedType(type))) return 1;
  return isListType(getNullableType(type)) ? usualLength : 1;
}
