import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, OperationTypeNode, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Context } from '../../schema/context.js';
import { documentCache } from './document-cache.js';
import { rulesOf } from './documents.js';
import type { QueryLimits } from './limits/limits.js';
import type { Operation } from './limits/query-complexity.js';
import { statusForJson } from './status-for-json.js';

export interface ApolloServerSettings {
  readonly schema: GraphQLSchema;
  readonly limits: QueryLimits;
  readonly introspection: boolean;
  /** Throws where an operation is refused because of what it asks for. */
  readonly admit: (operation: Operation, viewerId: string) => void;
  readonly format: (error: unknown) => GraphQLFormattedError;
  readonly plugins: readonly ApolloServerPlugin<Context>[];
}

/** GraphQL over HTTP; subscriptions go over WebSockets. */
export function createApolloServer(settings: ApolloServerSettings): ApolloServer<Context> {
  const { schema, limits, introspection, format, plugins } = settings;
  return new ApolloServer<Context>({
    schema,
    stopOnTerminationSignals: false,
    // A rule of ours refuses it, over WebSockets too.
    introspection: true,
    includeStacktraceInErrorResponses: false,
    documentStore: documentStore(),
    // Nothing that one client leaves here is kept for another.
    persistedQueries: false,
    parseOptions: { maxLexicalTokens: limits.tokens },
    validationRules: [...rulesOf({ limits, introspection })],
    formatError: (_formatted, error) => format(error),
    plugins: [
      refuseSubscriptions,
      refuseTooMuch(settings),
      statusForJson,
      ...plugins,
      ApolloServerPluginLandingPageDisabled(),
    ],
  });
}

/** As Apollo wants one; its own takes several times as much memory as it says. */
function documentStore(): NonNullable<ApolloServerOptions<Context>['documentStore']> {
  const documents = documentCache();
  return {
    get: (key) => Promise.resolve(documents.get(key)),
    set: (key, document) => {
      documents.set(key, document);
      return Promise.resolve();
    },
    delete: (key) => Promise.resolve(documents.delete(key)),
  };
}

const refuseSubscriptions: ApolloServerPlugin<Context> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ operation }) => {
        if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return Promise.resolve();
        const message = 'A subscription needs a WebSocket (graphql-transport-ws), at the same address.';
        throw new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
      },
    }),
};

function refuseTooMuch({ schema, admit }: ApolloServerSettings): ApolloServerPlugin<Context> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ document, operation, request: { variables }, contextValue }) => {
          if (operation) admit({ schema, document, operation, variables }, contextValue.viewerId);
          return Promise.resolve();
        },
      }),
  };
}
