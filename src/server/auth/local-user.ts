import { isFromLoopback } from '../loopback-guard.js';
import type { Authenticator } from './authenticator.js';

/** Without sign-in there is one user, who is whoever reaches the server on this machine. */
export const localUser: Authenticator = {
  challenge: undefined,
  objectionTo: (request) =>
    isFromLoopback(request) ? undefined : 'Open this server by its loopback address.',
  identify: () => Promise.resolve({ subject: 'local' }),
};
