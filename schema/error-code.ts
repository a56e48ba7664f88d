import { failure, failureCodes } from '../src/domain/failure.js';
import { GraphQLEnumType } from 'graphql';

/** The codes of errors, and when they occur. Whatever answers with an error has one of these. */
const errorCodes = {
  UNAUTHENTICATED: 'Nobody knows who asks: sign in. Over a WebSocket it is closed with 4403 instead.',
  FORBIDDEN:
    'The request came by a name or from a page that it must not come from: see the message. Over HTTP alone.',
  NOT_FOUND: 'There is nothing at this address. Over HTTP alone.',
  MISSING_INPUT: 'Something that is required was left out; the message says what.',
  INVALID_INPUT: 'Something in the request is wrong; the message says what.',
  UNKNOWN_BUDGET: 'There is no such budget, or you may not use it.',
  JOB_NOT_FOUND: 'There is no such job, or it is not yours.',
  JOB_ALREADY_ACTIVE:
    'The same job is active already, and REJECT was asked for; `extensions.jobId` is its id.',
  IDEMPOTENCY_KEY_REUSED: 'The same key came with another request before.',
  JOB_NOT_RETRYABLE: 'It neither failed nor was canceled, or was retried already.',
  TOO_MANY_JOBS: 'You have as many active jobs as one may have: wait for some to end, or cancel them.',
  RATE_LIMITED:
    'You asked too often, or have too many subscriptions; `extensions.retryAfterSeconds`, and over HTTP `Retry-After`, say when to ask again.',
  QUERY_TOO_COMPLEX: 'The request asks for more than one request may: ask for less, or in several requests.',
  EVENT_STORE_UNAVAILABLE:
    'The event store did not answer, or this server has not read all of it yet. A mutation may or may not have been carried out: look at your jobs, then try again; with an `idempotencyKey` that starts nothing twice.',
  INTERNAL: 'Something went wrong inside the server; its log tells more under `extensions.reference`.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

const described = (descriptions: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(descriptions).map(([code, description]) => [code, { description }]));

/** No field has these types, whose codes are text so that there may be new ones. They are there to be read. */
export const codeTypes = [
  new GraphQLEnumType({
    name: 'ErrorCode',
    description: 'What stands in `extensions.code` of an error.',
    values: described(errorCodes),
  }),
  new GraphQLEnumType({
    name: 'FailureCode',
    description:
      'What stands in `code` of a `Failure`. Its message and action may say more than stands here.',
    values: described(
      Object.fromEntries(
        failureCodes.map((code) => {
          const { message, action } = failure(code);
          return [code, `${message} ${action}`];
        }),
      ),
    ),
  }),
];
