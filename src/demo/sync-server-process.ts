import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { liveAsDemoProcess } from './live-as-demo-process.js';
import type { SyncServerMessage } from './sync-server.js';

/**
 * Entry of the process that is the Actual server, see `sync-server.ts`. The server is configured by
 * environment variables and never says which port it has got or what is asked of it, so Node is asked.
 */

liveAsDemoProcess();

subscribe('tracing:net.server.listen:asyncEnd', (message) => {
  const { server } = message as { server: Server };
  tell({ type: 'listening', port: (server.address() as AddressInfo).port });
});

subscribe('tracing:net.server.listen:error', (message) => {
  const { server, error } = message as { server: Server; error: NodeJS.ErrnoException };
  // The server would end now as if all were well.
  if (error.code === 'EADDRINUSE') setImmediate(() => server.listen(0, process.env.ACTUAL_HOSTNAME));
  else process.exit(1);
});

subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: IncomingMessage };
  if (request.url === '/sync/sync') tell({ type: 'sync' });
});

await import(import.meta.resolve('@actual-app/sync-server/build/bin/actual-server.js'));

function tell(message: SyncServerMessage): void {
  process.send?.(message);
}
