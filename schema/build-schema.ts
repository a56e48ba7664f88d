import 'reflect-metadata';
import { GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync, type PubSub } from 'type-graphql';
import { BudgetResolver } from './budget-resolver.js';
import { codeTypes } from './error-code.js';
import { JobResolver } from './job-resolver.js';
import { ViewerResolver } from './viewer-resolver.js';

/** type-graphql wants one as soon as there is a subscription; ours has a source of its own. */
const noPubSub: PubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('Subscriptions have a source of their own');
  },
};

export function buildApiSchema(): GraphQLSchema {
  const config = buildSchemaSync({
    resolvers: [BudgetResolver, JobResolver, ViewerResolver],
    pubSub: noPubSub,
    // Inputs are checked by `RequestChecker`, whose refusals have codes.
    validate: false,
  }).toConfig();
  return new GraphQLSchema({ ...config, types: [...config.types, ...codeTypes] });
}

/** As it is committed in `schema.graphql`. */
export function printApiSchema(): string {
  return `${printSchema(lexicographicSortSchema(buildApiSchema()))}\n`;
}
