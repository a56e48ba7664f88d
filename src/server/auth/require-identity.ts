import type { RequestHandler, Response } from 'express';
import { sendError } from '../send-error.js';
import { IdentityUncheckedError, UnauthenticatedError, type Authenticator } from './authenticator.js';
import { bearerTokenIn } from './bearer-token-in.js';

const retryAfterSeconds = 5;

interface Locals {
  viewerId: string;
}

/** Finds out who asks, or answers that nobody knows: before the body is read, since nobody needs to send one in vain. */
export function requireIdentity(authenticator: Authenticator): RequestHandler {
  return async (request, response, next) => {
    try {
      const token = bearerTokenIn(request.headers.authorization);
      const { subject } = await authenticator.identify({ request, token });
      (response.locals as Locals).viewerId = subject;
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
      if (error instanceof IdentityUncheckedError) {
        response.set('Retry-After', String(retryAfterSeconds));
        sendError(response.status(503), error.code, error.message);
        return;
      }
      const { challenge } = authenticator;
      if (challenge !== undefined) response.set('WWW-Authenticate', challenge);
      // A page cannot read the header.
      sendError(
        response.status(401),
        error.code,
        error.message,
        challenge === undefined ? {} : { challenge },
      );
      return;
    }
    next();
  };
}

/** Who asks, once that was found out. */
export function viewerOf({ locals }: Pick<Response, 'locals'>): string {
  return (locals as Locals).viewerId;
}
