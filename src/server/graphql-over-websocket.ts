import {
  execute,
  GraphQLError,
  parse,
  subscribe,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { LRUCache } from 'lru-cache';
import { WebSocketServer } from 'ws';
import type { Context } from '../../schema/context.js';
import type { Logger } from '../application/logger.js';
import { UnauthenticatedError, type Authenticator } from './auth/authenticator.js';
import { bearerTokenIn } from './auth/bearer-token-in.js';
import { formatError } from './error-format.js';
import { inRequest, newRequestScope, type RequestScope } from './request-scope.js';

export interface WebSocketOptions {
  readonly schema: GraphQLSchema;
  readonly context: Omit<Context, 'viewerId'>;
  readonly authenticator: Authenticator;
  readonly log: Logger;
}

const maxPayloadBytes = 65_536;
const maxTokens = 2_000;
const connectionInitWaitMs = 3_000;
const cachedDocuments = 500;

/** GraphQL over the graphql-transport-ws protocol, on the connections that are handed to `server`. */
export function serveWebSockets({ schema, context, authenticator, log }: WebSocketOptions): {
  readonly server: WebSocketServer;
  dispose(): Promise<void>;
} {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false,
  });
  const documents = new LRUCache<string, DocumentNode>({ max: cachedDocuments });
  const disposable = useServer<Parameters, Connection>(
    {
      schema,
      execute: (args) => inOperation(args, () => execute(args)),
      subscribe: (args) => inOperation(args, () => subscribe(args)),
      connectionInitWaitTimeout: connectionInitWaitMs,
      onConnect: async ({ connectionParams, extra }) => {
        const { request, socket } = extra;
        try {
          const token = tokenIn(connectionParams) ?? bearerTokenIn(request.headers.authorization);
          const { subject, expiresAt } = await authenticator.identify({ request, token });
          extra.context = { ...context, viewerId: subject };
          if (expiresAt !== undefined) closeAt(expiresAt, socket);
          return true;
        } catch (error) {
          if (error instanceof UnauthenticatedError) return false;
          throw error;
        }
      },
      onSubscribe: ({ extra }, _id, { query, operationName, variables }) => {
        const document = documents.get(query) ?? parsed(schema, query);
        if (!('kind' in document)) return document;
        documents.set(query, document);
        return {
          ...newRequestScope(),
          schema,
          document,
          contextValue: extra.context,
          ...(typeof operationName === 'string' && { operationName }),
          ...(variables && { variableValues: variables }),
        };
      },
      onNext: (_connection, _id, _payload, args, result) =>
        result.errors && {
          ...(result.data !== undefined && { data: result.data }),
          errors: result.errors.map((error) => inOperation(args, () => formatError(error, log))),
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

// An interface would not be a record.
type Connection = {
  /** Of whoever has connected; there once that is known, which is before the first operation. */
  context?: Context;
};

/** Each operation is a request of its own. */
function inOperation<T>(args: ExecutionArgs, work: () => T): T {
  const { requestId } = args as ExecutionArgs & RequestScope;
  return inRequest({ requestId }, work);
}

/** A client of JavaScript may write the name of the header as it likes, or send the token alone. */
type Parameters = Readonly<Record<string, unknown>>;

function tokenIn(parameters: Parameters | undefined): string | undefined {
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (typeof value !== 'string') continue;
    if (name.toLowerCase() === 'authorization') return bearerTokenIn(value);
    if (name === 'token') return bearerTokenIn(`Bearer ${value}`);
  }
  return undefined;
}

/** Timers know no longer time; a token that ends later is closed earlier, and its client connects again. */
const longestTimeMs = 2_147_483_647;

function closeAt(expiresAt: number, socket: Extra['socket']): void {
  // It may have gone while its token was looked at: nobody would clear the timer.
  if (socket.readyState !== socket.OPEN) return;
  const close = () => socket.close(CloseCode.Forbidden, 'The token has expired');
  const timer = setTimeout(close, Math.min(longestTimeMs, Math.max(0, expiresAt - Date.now())));
  socket.once('close', () => clearTimeout(timer));
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
