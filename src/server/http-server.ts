import { createServer, STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApolloServer, ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Context } from '../../schema/context.js';
import type { Logger } from '../application/logger.js';
import type { Tracer } from '../application/tracer.js';
import type { Authenticator } from './auth/authenticator.js';
import { localUser } from './auth/local-user.js';
import { mayReadMetrics } from './auth/metrics-reader.js';
import { requireIdentity, viewerOf } from './auth/require-identity.js';
import { formatError } from './error-format.js';
import { createApolloServer } from './graphql-over-http.js';
import { serveWebSockets } from './graphql-over-websocket.js';
import { answerBrokenRequests } from './limits/broken-requests.js';
import type { Limits } from './limits/limits.js';
import { extraRequestsOf, type Operation } from './limits/query-complexity.js';
import { limitAddress, limitUser, tooManyRequests } from './limits/rate-limited.js';
import type { OnRefusal } from './limits/refusal.js';
import { requestRates, unlimitedRates, type RequestRates } from './limits/request-rates.js';
import { takeTurn } from './limits/take-turn.js';
import { UserTurns } from './limits/user-turns.js';
import { servePage } from './page.js';
import type { Readiness } from './readiness.js';
import { inRequest, newRequestScope } from './request-scope.js';
import { securityHeaders } from './security-headers.js';
import { sendError } from './send-error.js';

export interface HttpServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly schema: GraphQLSchema;
  readonly context: Omit<Context, 'viewerId'>;
  readonly authenticator: Authenticator;
  readonly limits: Limits;
  /** Addresses, or networks such as 10.0.0.0/8, of proxies that say whose request they pass on. */
  readonly trustedProxies: readonly string[];
  /** Whether the schema may be asked for. */
  readonly introspection: boolean;
  readonly playground: boolean;
  /** Where the built page lies. */
  readonly pageFolder: string;
  /** Ready to serve everything, or what is not ready yet. */
  readonly readiness: () => Readiness;
  /** What is counted, in the text format of Prometheus. */
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> };
  /** What Prometheus proves itself with; absent: it need not on this machine, and cannot where users sign in. */
  readonly metricsToken: string | undefined;
  readonly onRefusal: OnRefusal;
  readonly tracer: Tracer;
  readonly log: Logger;
}

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** How often Node looks for requests that take too long. */
const checkRequestsMs = 1_000;

/** @throws NodeJS.ErrnoException such as EADDRINUSE */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningServer> {
  const { host, port, schema, authenticator, limits, introspection, onRefusal, log } = options;
  const app = express().disable('x-powered-by');
  const http = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      requestTimeout: limits.requestTimeoutMs,
      headersTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: checkRequestsMs,
    },
    app,
  );
  answerBrokenRequests(http, onRefusal);
  const isLimited = authenticator !== localUser;
  const rates = isLimited
    ? requestRates(limits.requestsPerMinute, options.trustedProxies, () => performance.now())
    : unlimitedRates;
  const format = (error: unknown) => formatError(error, { log, onRefusal, hidesSchema: !introspection });
  const admit = (operation: Operation, viewerId: string) => {
    const extra = extraRequestsOf(operation, limits.query.complexity);
    const seconds = extra === 0 ? 0 : rates.ofUser(viewerId, extra);
    if (seconds === 0) return;
    onRefusal('user_rate');
    throw tooManyRequests(seconds);
  };
  const turns = new UserTurns();
  const webSockets = serveWebSockets({ ...options, isLimited, rates, turns, admit, format });
  http.on('upgrade', (request, socket, head) => {
    const { requestId } = newRequestScope();
    // Whoever goes away in the middle of it must not take the process along.
    socket.on('error', (error) => {
      log.debug({ err: error, requestId }, 'A connection broke while it was upgraded');
    });
    const [pathname] = (request.url ?? '').split('?');
    const isOurs = pathname === '/graphql';
    if (!isOurs || authenticator.objectionTo(request) !== undefined) {
      const status = isOurs ? 403 : 404;
      refuseUpgrade(socket, status);
      return;
    }
    const seconds = rates.ofAddress(request);
    if (seconds > 0) {
      onRefusal('address_rate');
      refuseUpgrade(socket, 429, `Retry-After: ${seconds}\r\n`);
      return;
    }
    webSockets.server.handleUpgrade(request, socket, head, (webSocket) => {
      webSockets.server.emit('connection', webSocket, request);
    });
  });
  const drainWebSockets: ApolloServerPlugin = {
    serverWillStart: () => Promise.resolve({ drainServer: () => webSockets.dispose() }),
  };
  const apollo = createApolloServer({
    ...{ schema, limits: limits.query, introspection, admit, format },
    plugins: [
      drainWebSockets,
      ApolloServerPluginDrainHttpServer({ httpServer: http, stopGracePeriodMillis: 1_000 }),
    ],
  });
  await apollo.start();
  route(app, apollo, { ...options, rates, turns, format });
  await listen(http, host, port);
  return { url: urlOf(http, host), close: () => apollo.stop() };
}

interface RouteOptions extends HttpServerOptions {
  readonly rates: RequestRates;
  readonly turns: UserTurns;
  readonly format: (error: unknown) => GraphQLFormattedError;
}

function route(app: Express, apollo: ApolloServer<Context>, options: RouteOptions): void {
  const { context, authenticator, limits, pageFolder, playground, readiness, metrics, tracer } = options;
  const { rates, turns, onRefusal, format, log } = options;
  app.use(securityHeaders());
  app.use((request, response, next) => {
    const scope = newRequestScope();
    const begunAt = performance.now();
    // Where it is served, Express shortens the path.
    const { method, path } = request;
    response.set('X-Request-Id', scope.requestId);
    response.once('close', () => {
      const durationMs = Math.round(performance.now() - begunAt);
      log.debug(
        { ...scope, method, path, status: response.statusCode, durationMs },
        'A request was answered',
      );
    });
    tracer.continued(request.get('traceparent'), () => inRequest(scope, next));
  });
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', (_request, response) => {
    const state = readiness();
    response.status(state.ready ? 200 : 503).json(state);
  });
  app.use((request, response, next) => {
    const objection = authenticator.objectionTo(request);
    if (objection === undefined) next();
    else sendError(response.status(403), 'FORBIDDEN', objection);
  });
  app.get('/metrics', async (request, response) => {
    if (!mayReadMetrics(request, options)) {
      response.set('WWW-Authenticate', 'Bearer');
      const advice =
        options.metricsToken === undefined
          ? 'Nobody may read this until METRICS_TOKEN is configured.'
          : 'Send METRICS_TOKEN as `Authorization: Bearer …`.';
      sendError(response.status(401), 'UNAUTHENTICATED', advice);
      return;
    }
    response.type(metrics.contentType).send(await metrics.text());
  });
  app.use(
    '/graphql',
    limitAddress(rates, onRefusal),
    requireIdentity(authenticator),
    limitUser(rates, onRefusal),
    takeTurn(turns),
    express.json({ limit: limits.bodyBytes }),
    expressMiddleware(apollo, {
      context: ({ res }) => Promise.resolve({ ...context, viewerId: viewerOf(res) }),
    }),
  );
  servePage(app, { folder: pageFolder, playground });
  app.use((_request, response) => {
    sendError(response.status(404), 'NOT_FOUND', 'There is nothing here.');
  });
  const onError: ErrorRequestHandler = (error: { status?: unknown }, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = typeof error.status === 'number' ? error.status : 500;
    if (status === 413) onRefusal('body');
    if (status < 500) {
      sendError(response.status(status), 'INVALID_INPUT', requestFault(status));
      return;
    }
    response.status(500).json({ errors: [format(error)] });
  };
  app.use(onError);
}

function refuseUpgrade(socket: Duplex, status: number, headers = ''): void {
  const reason = STATUS_CODES[status] ?? '';
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${headers}Connection: close\r\n\r\n`);
}

function requestFault(status: number): string {
  return status === 413 ? 'The request is too large.' : 'The request could not be read.';
}

function listen(http: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
}

function urlOf(http: Server, host: string): string {
  const address = http.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const isEverywhere = ['127.0.0.1', '0.0.0.0', '::'].includes(host);
  const name = isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
