import { subscribe } from 'node:diagnostics_channel';
import type { AddressInfo, Server } from 'node:net';
import { endWithParent } from '../actual/child/parent-watch.js';
import type { SyncServerMessage } from './sync-server.js';

/**
 * Entry of the process that is the sync server, started by `sync-server.ts` with its own process id as the
 * argument. The server is configured by environment variables and never says which port it has got, so that
 * is learned from Node.
 */

endWithParent(Number(process.argv[2]));
// Its database holds the hash of the password, its files are the budget.
process.umask(0o077);
// Ctrl-C goes to all processes of a terminal, but jobs that are stopping still need the server.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

subscribe('tracing:net.server.listen:asyncEnd', (message) => {
  const { server } = message as { server: Server };
  const { port } = server.address() as AddressInfo;
  process.send?.({ port } satisfies SyncServerMessage);
});

subscribe('tracing:net.server.listen:error', (message) => {
  const { server, error } = message as { server: Server; error: NodeJS.ErrnoException };
  // The server would end now as if all were well.
  if (error.code === 'EADDRINUSE') setImmediate(() => server.listen(0, process.env.ACTUAL_HOSTNAME));
  else process.exit(1);
});

await import(import.meta.resolve('@actual-app/sync-server/build/bin/actual-server.js'));
