import type { RequestHandler, Response } from 'express';
import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../../../schema/error-code.js';
import { viewerOf } from '../auth/require-identity.js';
import { sendError } from '../send-error.js';
import type { OnRefusal } from './refusal.js';
import type { RequestRates } from './request-rates.js';

const code = 'RATE_LIMITED' satisfies ErrorCode;

/** For whoever asked in GraphQL. */
export function tooManyRequests(seconds: number): GraphQLError {
  const headers = new Map([['retry-after', String(seconds)]]);
  const extensions = { code, retryAfterSeconds: seconds, http: { status: 429, headers } };
  return new GraphQLError(messageFor(seconds), { extensions });
}

/** With no time at which that will have changed. */
export function tooManySubscriptions(most: number): GraphQLError {
  const message = `You have ${most} subscriptions already, which is as many as there may be: end some of them first.`;
  return new GraphQLError(message, { extensions: { code } });
}

function messageFor(seconds: number): string {
  return `Too many requests within a minute: ask again in ${seconds} s.`;
}

/** Before anybody knows who asks. */
export function limitAddress(rates: RequestRates, onRefusal: OnRefusal): RequestHandler {
  return (request, response, next) => {
    const seconds = rates.ofAddress(request);
    if (seconds === 0) {
      next();
      return;
    }
    onRefusal('address_rate');
    refuse(response, seconds);
  };
}

export function limitUser(rates: RequestRates, onRefusal: OnRefusal): RequestHandler {
  return (_request, response, next) => {
    const seconds = rates.ofUser(viewerOf(response));
    if (seconds === 0) {
      next();
      return;
    }
    onRefusal('user_rate');
    refuse(response, seconds);
  };
}

/** Who asks on without a pause would otherwise keep the server busy with refusals (milliseconds). */
const pauseMs = 1_000;

function refuse(response: Response, seconds: number): void {
  const timer = setTimeout(() => {
    response.set('Retry-After', String(seconds));
    sendError(response.status(429), code, messageFor(seconds), { retryAfterSeconds: seconds });
  }, pauseMs);
  response.once('close', () => clearTimeout(timer));
}
