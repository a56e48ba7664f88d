import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { ErrorCode } from '../../schema/error-code.js';
import type { Logger } from '../application/logger.js';
import {
  EventStoreOpenError,
  EventStoreUnavailableError,
  StreamTombstonedError,
} from '../eventstore/event-store-errors.js';
import { MalformedEventError } from '../eventstore/malformed-event-error.js';
import { InvalidCursorError } from '../../projections/cursor.js';
import { OtherLogError } from '../../projections/other-log-error.js';
import { ReadSideBehindError } from '../../projections/read-side-behind-error.js';
import type { OnRefusal } from './limits/refusal.js';
import { isAboutTokens, QueryTooComplexError } from './limits/query-too-complex-error.js';

/** Codes that come from the GraphQL layer itself: the request, not the server, is wrong. */
const requestFaults: ReadonlySet<unknown> = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

export interface ErrorFormatOptions {
  readonly log: Logger;
  readonly onRefusal: OnRefusal;
  /** Then nobody is told what they may have meant. */
  readonly hidesSchema?: boolean;
}

/**
 * The one place where errors become what a client sees: a code of the contract and a sentence. What was not
 * expected becomes INTERNAL with a reference, which is in the log together with the error itself.
 */
export function formatError(
  error: unknown,
  { log, onRefusal, hidesSchema = false }: ErrorFormatOptions,
): GraphQLFormattedError {
  const graphqlError =
    error instanceof GraphQLError ? error : new GraphQLError('', { originalError: asError(error) });
  const { originalError, locations, path } = graphqlError;
  const where = { ...(locations && { locations }), ...(path && { path }) };
  const coded = (code: ErrorCode, message: string, facts: object = {}) => ({
    message,
    ...where,
    extensions: { ...facts, code },
  });
  if (originalError instanceof EventStoreUnavailableError || originalError instanceof EventStoreOpenError) {
    // Whoever waits asks again and again; the adapter has told why, once.
    log.info({ reason: originalError.message }, 'The event store was not available to a request');
    return coded(
      'EVENT_STORE_UNAVAILABLE',
      'The event store did not confirm this in time, so it may or may not have been done: look at your jobs, then try again.',
    );
  }
  if (originalError instanceof MalformedEventError) {
    log.info({ reason: originalError.message }, 'A request came upon an event that cannot be read');
    return coded(
      'EVENT_STORE_UNAVAILABLE',
      'The event store holds something that this server cannot read, so this may or may not have been done. Whoever runs the server finds in its log what to do.',
    );
  }
  if (originalError instanceof OtherLogError) {
    log.warn({ reason: originalError.message }, 'A request came upon another log');
    return coded(
      'EVENT_STORE_UNAVAILABLE',
      'The event store was replaced while this server ran, so this may or may not have been done. Once the server was started again, look at your jobs, then try again.',
    );
  }
  if (originalError instanceof StreamTombstonedError) {
    log.warn({ reason: originalError.message }, 'A request came upon a stream that was deleted for ever');
    return coded(
      'EVENT_STORE_UNAVAILABLE',
      'A part of the event store was deleted for ever, so this cannot be done. Whoever runs the server finds in its log which one.',
    );
  }
  if (originalError instanceof ReadSideBehindError) {
    return coded('EVENT_STORE_UNAVAILABLE', originalError.message);
  }
  if (originalError instanceof InvalidCursorError) return coded('INVALID_INPUT', originalError.message);
  // The layers above give errors of validation a code of their own.
  const tooComplex = [graphqlError, originalError].find((each) => each instanceof QueryTooComplexError);
  if (tooComplex) {
    onRefusal(refusedFor[tooComplex.limit]);
    return coded('QUERY_TOO_COMPLEX', tooComplex.message);
  }
  if (isAboutTokens(graphqlError.message)) {
    onRefusal('tokens');
    return coded(
      'QUERY_TOO_COMPLEX',
      'The request is too long: ask for less at once, or in several requests.',
    );
  }
  const { code, stacktrace: _stacktrace, http: _http, ...facts } = graphqlError.extensions;
  const isOurs = typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR';
  if (requestFaults.has(code) || (code === undefined && isRequestFault(graphqlError))) {
    const words = wordsFor(graphqlError.message);
    const message = hidesSchema ? words.replace(/ Did you mean .*\?$/s, '') : words;
    return coded(isMissing(message) ? 'MISSING_INPUT' : 'INVALID_INPUT', message);
  }
  // Of `coded-error.ts`, which knows no others.
  if (isOurs) return coded(code as ErrorCode, graphqlError.message, facts);
  const reference = randomUUID();
  log.error({ err: originalError ?? graphqlError, reference }, 'A request failed unexpectedly');
  return coded('INTERNAL', `Something went wrong inside this app; the log tells more under ${reference}.`, {
    reference,
  });
}

const refusedFor = {
  DEPTH: 'depth',
  ALIASES: 'aliases',
  COMPLEXITY: 'complexity',
} as const;

/** Whether graphql-js found fault with the request, rather than with what a resolver did or answered. */
function isRequestFault({ originalError, path }: GraphQLError): boolean {
  if (originalError === undefined) return true;
  if (!(originalError instanceof GraphQLError)) return false;
  // Variables are checked before any field is, arguments with their field: only these point into the request.
  return path === undefined || originalError.locations !== undefined;
}

/** What the layers above say of themselves rather than of the request, by how it begins; and what helps instead. */
const ownWords: readonly (readonly [RegExp, string])[] = [
  // graphql-js follows the nesting of a request with its own stack, and passes on what Node says when that is full.
  [/^Maximum call stack size/, 'The request is nested too deeply.'],
  [/^Validation aborted/, 'The request has too many faults to name them all: begin with a smaller one.'],
  [/^Apollo Server supports only/, 'Send requests with POST.'],
  [/^POST body missing/, 'Send JSON with a `query`, and `Content-Type: application/json`.'],
  [
    /^An 'accept' header was provided/,
    'Answers are JSON: leave the Accept header out, or accept application/json or application/graphql-response+json.',
  ],
  [/^Operation batching disabled/, 'Send one operation in each request.'],
  [/^PersistedQuery/, 'Send the whole document in `query`: none is kept by its hash.'],
  [
    /^This operation has been blocked as a potential Cross-Site Request Forgery/,
    'Send requests with POST and `Content-Type: application/json`.',
  ],
];

function wordsFor(message: string): string {
  return ownWords.find(([beginning]) => beginning.test(message))?.[1] ?? message;
}

/** graphql-js reports what is left out and what is wrong alike; its sentences tell them apart. */
function isMissing(message: string): boolean {
  return /required type|was not provided/.test(message);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('A non-error was thrown', { cause: error });
}
