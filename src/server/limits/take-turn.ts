import type { RequestHandler } from 'express';
import { viewerOf } from '../auth/require-identity.js';
import type { UserTurns } from './user-turns.js';

/** Goes on when it is the user's turn, and not at all where nobody waits for an answer any longer. */
export function takeTurn(turns: UserTurns): RequestHandler {
  return async (_request, response, next) => {
    await turns.next(viewerOf(response));
    if (!response.destroyed) next();
  };
}
