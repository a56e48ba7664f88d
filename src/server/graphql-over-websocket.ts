import {
  execute,
  getOperationAST,
  GraphQLError,
  type ExecutionArgs,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { CloseCode, makeServer } from 'graphql-ws';
import type { WebSocketServer } from 'ws';
import type { Context } from '../../schema/context.js';
import type { Logger } from '../application/logger.js';
import { IdentityUncheckedError, UnauthenticatedError, type Authenticator } from './auth/authenticator.js';
import { bearerTokenIn } from './auth/bearer-token-in.js';
import { Documents } from './documents.js';
import type { Limits } from './limits/limits.js';
import type { Operation } from './limits/query-complexity.js';
import { tooManyRequests, tooManySubscriptions } from './limits/rate-limited.js';
import type { OnRefusal } from './limits/refusal.js';
import type { RequestRates } from './limits/request-rates.js';
import { UserConnections } from './limits/user-connections.js';
import type { UserTurns } from './limits/user-turns.js';
import { inRequest, newRequestScope, type RequestScope } from './request-scope.js';
import { SharedExecution } from './shared-execution.js';
import { carryOverWebSockets, type Transport } from './websocket-transport.js';

export interface WebSocketOptions {
  readonly schema: GraphQLSchema;
  readonly context: Omit<Context, 'viewerId'>;
  readonly authenticator: Authenticator;
  readonly limits: Limits;
  /** Whether users are held to limits of their own. */
  readonly isLimited: boolean;
  readonly rates: RequestRates;
  readonly turns: UserTurns;
  /** Throws where an operation is refused because of what it asks for. */
  readonly admit: (operation: Operation, viewerId: string) => void;
  readonly introspection: boolean;
  readonly onRefusal: OnRefusal;
  readonly format: (error: unknown) => GraphQLFormattedError;
  readonly log: Logger;
}

/** RFC 6455, "Try Again Later": clients do, after a pause. */
const tryAgainLater = 1013;
/** Who asks on nevertheless would keep the server busy with refusals. */
const mostRefusals = 100;

const initialisationTimeout: number = CloseCode.ConnectionInitialisationTimeout;

/** GraphQL over the graphql-transport-ws protocol, on the connections that are handed to `server`. */
export function serveWebSockets(options: WebSocketOptions): {
  readonly server: WebSocketServer;
  dispose(): Promise<void>;
} {
  const {
    schema,
    context,
    authenticator,
    limits,
    isLimited,
    rates,
    turns,
    admit,
    introspection,
    onRefusal,
    format,
    log,
  } = options;
  const documents = new Documents(schema, { limits: limits.query, introspection });
  const users = new UserConnections();
  const shared = new SharedExecution();
  const objectionTo = (viewerId: string, connection: Transport & Connection) => {
    const seconds = rates.ofUser(viewerId);
    if (seconds > 0) {
      onRefusal('user_rate');
      connection.refusals = (connection.refusals ?? 0) + 1;
      if (connection.refusals > mostRefusals) connection.socket.close(tryAgainLater, 'Too many requests');
      return tooManyRequests(seconds);
    }
    const { subscriptions } = limits.perUser;
    if (isLimited && users.subscriptionsOf(viewerId) > subscriptions) {
      onRefusal('subscriptions');
      return tooManySubscriptions(subscriptions);
    }
    return undefined;
  };
  const protocol = makeServer<Parameters, Transport & Connection>({
    schema,
    execute: (args) => inOperation(args, () => execute(args)),
    subscribe: (args) => inOperation(args, () => shared.subscribe(args)),
    connectionInitWaitTimeout: limits.connectionInitTimeoutMs,
    onConnect: async (connection) => {
      const { connectionParams, extra } = connection;
      const { request, socket } = extra;
      try {
        const token = tokenIn(connectionParams) ?? bearerTokenIn(request.headers.authorization);
        const { subject, expiresAt } = await authenticator.identify({ request, token });
        if (socket.readyState !== socket.OPEN) return false;
        if (isLimited && users.connectionsOf(subject) >= limits.perUser.connections) {
          onRefusal('connections');
          socket.close(tryAgainLater, 'Too many connections: close some of them first');
          return false;
        }
        users.open(subject, connection);
        extra.context = { ...context, viewerId: subject };
        if (expiresAt !== undefined) closeAt(expiresAt, socket);
        return true;
      } catch (error) {
        if (error instanceof UnauthenticatedError) {
          const code = error instanceof IdentityUncheckedError ? tryAgainLater : CloseCode.Forbidden;
          socket.close(code, closeReason(error.message));
          return false;
        }
        throw error;
      }
    },
    onClose: (connection, code) => {
      users.close(connection);
      if (code === initialisationTimeout) onRefusal('connection_init_time');
    },
    onSubscribe: async ({ extra }, _id, { query, operationName, variables }) => {
      // There is one: nobody may ask before it is known who that is.
      const { viewerId = '' } = extra.context ?? {};
      const objection = objectionTo(viewerId, extra);
      if (objection) return [objection];
      await turns.next(viewerId);
      const document = documents.read(query);
      if (!('kind' in document)) return document;
      const operation = getOperationAST(document, operationName);
      try {
        if (operation) admit({ schema, document, operation, variables: variables ?? undefined }, viewerId);
      } catch (error) {
        if (error instanceof GraphQLError) return [error];
        throw error;
      }
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
        errors: result.errors.map((error) => inOperation(args, () => format(error))),
      },
    onError: (_connection, _id, _payload, errors) => errors.map(format),
  });
  return carryOverWebSockets({
    protocol,
    maxFrameBytes: limits.frameBytes,
    maxUnreadBytes: limits.unreadBytes,
    onRefusal,
    log,
  });
}

// An interface would not be a record.
type Connection = {
  /** Of whoever has connected; there once that is known, which is before the first operation. */
  context?: Context;
  /** Requests that were refused because there were too many within a minute. */
  refusals?: number;
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

function closeAt(expiresAt: number, socket: Transport['socket']): void {
  // It may have gone while its token was looked at: nobody would clear the timer.
  if (socket.readyState !== socket.OPEN) return;
  const close = () => socket.close(CloseCode.Forbidden, 'The token has expired');
  const timer = setTimeout(close, Math.min(longestTimeMs, Math.max(0, expiresAt - Date.now())));
  socket.once('close', () => clearTimeout(timer));
}

/** RFC 6455, 5.5: a reason has 123 bytes at most. */
function closeReason(message: string): string {
  return Buffer.byteLength(message) <= 123 ? message : 'Forbidden';
}
