import { parentMessageSchema, type ChildMessage } from '../child-messages.js';
import { OperationHost } from './operation-host.js';
import { endWithParent } from './parent-watch.js';

/**
 * Entry of the process that holds one budget open, started by `budget-process.ts` with its own process id as
 * the argument.
 */

endWithParent(Number(process.argv[2]));
// The copy of a budget is as private as the budget; the library writes with the permissions that it gets.
process.umask(0o077);
// Ctrl-C goes to all processes of a terminal, but when this one ends is for its parent to decide.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

let host: OperationHost | undefined;

process.on('message', (raw) => {
  const message = parentMessageSchema.parse(raw);
  switch (message.type) {
    case 'configure':
      host = new OperationHost(message.settings, send);
      break;
    case 'call':
      void host?.carryOut(message.call, message.operation, message.token);
      break;
    case 'cancel':
      host?.cancel(message.call);
      break;
  }
});

process.on('unhandledRejection', (error) => void host?.retire(error));

/** Resolves once the message is written to the channel, so that a slow reader slows the writer down. */
function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
