import { parse, validate, GraphQLError, type DocumentNode, type GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { LRUCache } from 'lru-cache';
import { WebSocketServer } from 'ws';
import type { Context } from '../../schema/context.js';
import type { Logger } from '../application/logger.js';
import { formatError } from './error-format.js';

export interface WebSocketOptions {
  readonly schema: GraphQLSchema;
  readonly context: Context;
  readonly log: Logger;
}

const maxPayloadBytes = 65_536;
const maxTokens = 2_000;
const connectionInitWaitMs = 3_000;
const cachedDocuments = 500;

/** GraphQL over the graphql-transport-ws protocol, on the connections that are handed to `server`. */
export function serveWebSockets({ schema, context, log }: WebSocketOptions): {
  readonly server: WebSocketServer;
  dispose(): Promise<void>;
} {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false,
  });
  const documents = new LRUCache<string, DocumentNode>({ max: cachedDocuments });
  const disposable = useServer(
    {
      schema,
      connectionInitWaitTimeout: connectionInitWaitMs,
      onSubscribe: (_connection, _id, { query, operationName, variables }) => {
        const document = documents.get(query) ?? parsed(schema, query);
        if (!('kind' in document)) return document;
        documents.set(query, document);
        return {
          schema,
          document,
          contextValue: context,
          ...(typeof operationName === 'string' && { operationName }),
          ...(variables && { variableValues: variables }),
        };
      },
      onNext: (_connection, _id, _payload, _args, result) =>
        result.errors && {
          ...(result.data !== undefined && { data: result.data }),
          errors: result.errors.map((error) => formatError(error, log)),
        },
      onError: (_connection, _id, _payload, errors) => errors.map((error) => formatError(error, log)),
    },
    server,
  );
  server.on('connection', (socket) => {
    // graphql-ws logs every broken frame to the console; the socket is closed with a code either way.
    socket.removeAllListeners('error');
    socket.on('error', (error) => {
      log.debug({ err: error }, 'A WebSocket connection broke');
    });
  });
  return { server, dispose: async () => disposable.dispose() };
}

function parsed(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query, { maxLexicalTokens: maxTokens });
    const errors = validate(schema, document);
    return errors.length > 0 ? errors : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    // The stack was full: see `formatError`.
    if (error instanceof RangeError) return [new GraphQLError(error.message)];
    throw error;
  }
}
