import { createServer, STATUS_CODES, type Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { GraphQLError, OperationTypeNode, type GraphQLSchema } from 'graphql';
import type { Context } from '../../schema/context.js';
import type { Logger } from '../application/logger.js';
import type { Tracer } from '../application/tracer.js';
import type { Authenticator } from './auth/authenticator.js';
import { mayReadMetrics } from './auth/metrics-reader.js';
import { requireIdentity, viewerOf } from './auth/require-identity.js';
import { formatError } from './error-format.js';
import { serveWebSockets } from './graphql-over-websocket.js';
import { servePage } from './page.js';
import type { Readiness } from './readiness.js';
import { inRequest, newRequestScope } from './request-scope.js';
import { sendError } from './send-error.js';
import { statusForJson } from './status-for-json.js';

export interface HttpServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly schema: GraphQLSchema;
  readonly context: Omit<Context, 'viewerId'>;
  readonly authenticator: Authenticator;
  /** Where the built page lies. */
  readonly pageFolder: string;
  /** Ready to serve everything, or what is not ready yet. */
  readonly readiness: () => Readiness;
  /** What is counted, in the text format of Prometheus. */
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> };
  /** What Prometheus proves itself with; absent: it need not on this machine, and cannot where users sign in. */
  readonly metricsToken: string | undefined;
  readonly tracer: Tracer;
  readonly log: Logger;
}

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

const maxBodyBytes = 1_048_576;
const maxTokens = 2_000;

/** @throws NodeJS.ErrnoException such as EADDRINUSE */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningServer> {
  const { host, port, schema, context, authenticator, log } = options;
  const app = express().disable('x-powered-by');
  const http = createServer(app);
  const webSockets = serveWebSockets({ schema, context, authenticator, log });
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
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`);
      return;
    }
    webSockets.server.handleUpgrade(request, socket, head, (webSocket) => {
      webSockets.server.emit('connection', webSocket, request);
    });
  });
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
  const drainWebSockets: ApolloServerPlugin = {
    serverWillStart: () => Promise.resolve({ drainServer: () => webSockets.dispose() }),
  };
  const apollo = new ApolloServer<Context>({
    schema,
    stopOnTerminationSignals: false,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxLexicalTokens: maxTokens },
    formatError: (_formatted, error) => formatError(error, log),
    plugins: [
      refuseSubscriptions,
      statusForJson,
      drainWebSockets,
      ApolloServerPluginDrainHttpServer({ httpServer: http, stopGracePeriodMillis: 1_000 }),
      ApolloServerPluginLandingPageDisabled(),
    ],
  });
  await apollo.start();
  route(app, apollo, options);
  await listen(http, host, port);
  return { url: urlOf(http, host), close: () => apollo.stop() };
}

function route(app: Express, apollo: ApolloServer<Context>, options: HttpServerOptions): void {
  const { context, authenticator, pageFolder, readiness, metrics, tracer, log } = options;
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
      sendError(response.status(401), 'UNAUTHENTICATED', 'Send METRICS_TOKEN as `Authorization: Bearer …`.');
      return;
    }
    response.type(metrics.contentType).send(await metrics.text());
  });
  app.use(
    '/graphql',
    requireIdentity(authenticator),
    express.json({ limit: maxBodyBytes }),
    expressMiddleware(apollo, {
      context: ({ res }) => Promise.resolve({ ...context, viewerId: viewerOf(res) }),
    }),
  );
  servePage(app, pageFolder);
  app.use((_request, response) => {
    sendError(response.status(404), 'NOT_FOUND', 'There is nothing here.');
  });
  const onError: ErrorRequestHandler = (error: { status?: unknown }, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = typeof error.status === 'number' ? error.status : 500;
    if (status < 500) {
      sendError(response.status(status), 'INVALID_INPUT', requestFault(status));
      return;
    }
    response.status(500).json({ errors: [formatError(error, log)] });
  };
  app.use(onError);
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
