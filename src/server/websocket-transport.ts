import type { IncomingMessage } from 'node:http';
import { CloseCode, handleProtocols, type Server } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Logger } from '../application/logger.js';
import type { OnRefusal } from './limits/refusal.js';

/** What a message came by. */
export interface Transport {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

export interface TransportOptions {
  readonly protocol: Server<Transport>;
  readonly maxFrameBytes: number;
  /** What may wait to be sent on a connection whose client asks on. */
  readonly maxUnreadBytes: number;
  readonly onRefusal: OnRefusal;
  readonly log: Logger;
}

/** A client that does not answer a ping until the next one is gone. */
const pingEveryMs = 12_000;

/**
 * Carries the messages of graphql-transport-ws over the connections that are handed to `server`. The adapter that comes with
 * graphql-ws writes to the console whatever a client sends wrong, with its stack.
 */
export function carryOverWebSockets(options: TransportOptions): {
  readonly server: WebSocketServer;
  dispose(): Promise<void>;
} {
  const { maxFrameBytes } = options;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    handleProtocols,
  });
  server.on('connection', (socket, request) => carryOver({ socket, request }, options));
  return {
    server,
    dispose: async () => {
      for (const client of server.clients) client.close(1001, 'Going away');
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function carryOver(transport: Transport, options: TransportOptions): void {
  const { socket } = transport;
  const { protocol, maxUnreadBytes, onRefusal, log } = options;
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') onRefusal('frame');
    log.debug({ err: error }, 'A WebSocket connection broke');
  });
  // Whoever asks on and reads nothing would read no reason either: what waits to be sent is given up with the connection.
  const checkUnread = () => {
    if (socket.readyState !== socket.OPEN || socket.bufferedAmount <= maxUnreadBytes) return;
    onRefusal('unread');
    socket.terminate();
  };
  const failed = (error: unknown) => {
    if (isAboutMessage(error)) {
      socket.close(CloseCode.BadRequest, 'Unexpected message');
      return;
    }
    log.error({ err: error }, 'A message over a WebSocket failed unexpectedly');
    socket.close(CloseCode.InternalServerError, 'Internal server error');
  };
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) => send(socket, data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => {
        socket.on('message', (data: Buffer) => {
          checkUnread();
          handle(data.toString()).catch(failed);
        });
      },
    },
    transport,
  );
  socket.on('ping', checkUnread);
  const stopPinging = keepAlive(socket);
  socket.once('close', (code, reason) => {
    stopPinging();
    closed(code, reason.toString()).catch(failed);
  });
}

/** Resolves when it was handed to the system, so that nobody who sends much is faster than the client. */
function send(socket: WebSocket, data: string): Promise<void> {
  return new Promise((resolve) => {
    // What cannot be sent any more concerns nobody: the connection is about to be closed, or is.
    if (socket.readyState === socket.OPEN) socket.send(data, () => resolve());
    else resolve();
  });
}

/** Ends a connection that is only half there. */
function keepAlive(socket: WebSocket): () => void {
  let isAnswered = true;
  socket.on('pong', () => (isAnswered = true));
  const timer = setInterval(() => {
    if (!isAnswered) {
      socket.terminate();
      return;
    }
    isAnswered = false;
    socket.ping();
  }, pingEveryMs);
  return () => clearInterval(timer);
}

/** graphql-ws knows all messages, and throws where one comes that only a server sends. */
function isAboutMessage(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Unexpected message of type');
}
