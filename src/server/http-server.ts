import { createServer, STATUS_CODES, type Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { GraphQLError, OperationTypeNode, type GraphQLSchema } from 'graphql';
import type { Registry } from 'prom-client';
import type { Context } from '../../schema/context.js';
import type { Logger } from '../application/logger.js';
import { formatError } from './error-format.js';
import { serveWebSockets } from './graphql-over-websocket.js';
import { isFromLoopback } from './loopback-guard.js';
import { servePage } from './page.js';

export interface HttpServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly schema: GraphQLSchema;
  readonly context: Context;
  /** Where the built page lies. */
  readonly pageFolder: string;
  /** Ready to serve everything, or what is not ready yet. */
  readonly readiness: () => Readiness;
  readonly metrics: Registry;
  readonly log: Logger;
}

export interface Readiness {
  readonly ready: boolean;
  /** Each part of the server, and the state it is in. */
  readonly parts: Readonly<Record<string, string>>;
}

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

const maxBodyBytes = 1_048_576;
const maxTokens = 2_000;

/** @throws NodeJS.ErrnoException such as EADDRINUSE */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningServer> {
  const { host, port, schema, context, log } = options;
  const app = express().disable('x-powered-by');
  const http = createServer(app);
  const webSockets = serveWebSockets({ schema, context, log });
  http.on('upgrade', (request, socket, head) => {
    // Whoever goes away in the middle of it must not take the process along.
    socket.on('error', (error) => {
      log.debug({ err: error }, 'A connection broke while it was upgraded');
    });
    const [pathname] = (request.url ?? '').split('?');
    const isOurs = pathname === '/graphql';
    if (!isOurs || !isFromLoopback(request)) {
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
  const { context, pageFolder, readiness, metrics, log } = options;
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', (_request, response) => {
    const { ready, parts } = readiness();
    response.status(ready ? 200 : 503).json({ ready, parts });
  });
  app.use((request, response, next) => {
    if (isFromLoopback(request)) next();
    else sendError(response.status(403), 'FORBIDDEN', 'Open this server by its loopback address.');
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  app.use(
    '/graphql',
    express.json({ limit: maxBodyBytes }),
    expressMiddleware(apollo, { context: () => Promise.resolve(context) }),
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

function sendError(response: express.Response, code: string, message: string): void {
  response.json({ errors: [{ message, extensions: { code } }] });
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
  const name = host === '127.0.0.1' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
