import { failure, type Failure } from '../domain/failure.js';
import { failureOfConnection } from './failure-of-connection.js';
import { failureOfWord } from './failure-of-word.js';
import type { RequestFailure } from './request-failure.js';
import type { Server } from './server.js';

/** What one request that went wrong says about the Actual server, or about what stands before it. */
export function failureOfRequest(request: RequestFailure, server: Server): Failure {
  switch (request.kind) {
    case 'no-connection':
      return failureOfConnection(request.code, server);
    case 'timeout':
      return failure('ACTUAL_TIMEOUT', {
        message: `The Actual server did not answer within ${server.timeoutMs / 1_000} s.`,
        action: 'Check how busy the Actual server is, or raise ACTUAL_TIMEOUT_MS, then retry.',
      });
    case 'cut-off':
      return failure('ACTUAL_UNREACHABLE', {
        message: `The connection to ${server.host} dropped in the middle of an answer.`,
        action: 'Check the network between this machine and the Actual server, then retry.',
      });
    case 'web-page':
      return failure('ACTUAL_NOT_A_SERVER');
    case 'canceled':
      return failure('INTERNAL');
    case 'status':
      return (request.reason === null ? null : failureOfWord(request.reason)) ?? ofStatus(request, server);
  }
}

type StatusFailure = Extract<RequestFailure, { kind: 'status' }>;

function ofStatus({ status, reason }: StatusFailure, server: Server): Failure {
  // Actual gives a reason with nearly all that it refuses; a proxy before it does not.
  const isOfActual = reason !== null;
  if (status === 429) return failure('ACTUAL_RATE_LIMITED');
  if (status === 401 || status === 403 || status === 407) return notLetIn(status);
  if (status === 413) return tooLarge();
  if (status >= 500 && (isOfActual || status === 500)) return failure('ACTUAL_SERVER_ERROR');
  if (status >= 500) {
    return failure('ACTUAL_SERVER_ERROR', {
      message: `A proxy before the Actual server answered with an error (status ${status}).`,
      action: 'Check that the Actual server is running behind its proxy, then retry.',
    });
  }
  if (isOfActual) {
    return failure('ACTUAL_SERVER_ERROR', {
      message: `The Actual server refused a request (status ${status}).`,
      action: "Look into the Actual server's log.",
      retryable: false,
    });
  }
  return failure('ACTUAL_NOT_A_SERVER', {
    message: `What answers at ${server.host} is not an Actual server, or a proxy hides it (status ${status}).`,
  });
}

function notLetIn(status: number): Failure {
  return failure('ACTUAL_AUTH_FAILED', {
    message: `A proxy before the Actual server asks for a login of its own (status ${status}).`,
    action: 'Let this app past the proxy, or set ACTUAL_SERVER_URL to an address without it, and restart.',
  });
}

function tooLarge(): Failure {
  return failure('ACTUAL_SERVER_ERROR', {
    message:
      'There is more to send than the Actual server, or a proxy before it, takes at once (status 413).',
    action: 'Raise the limit for the size of requests there to 20 MB or more, then retry.',
    retryable: false,
  });
}
