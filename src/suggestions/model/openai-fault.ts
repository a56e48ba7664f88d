import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { failure, type Failure } from '../../domain/failure.js';
import { AnswerTooLongError } from './bounded-fetch.js';
import { ModelFaultError } from './model-fault-error.js';
import { retryAfterMsOf } from './retry-after.js';

/** A request that could not be answered, as what the user is told. Nothing of the server's own text is: it may quote the prompt. */
export function modelFaultOf(error: unknown, model: string, now: string): ModelFaultError | undefined {
  if (error instanceof APIConnectionTimeoutError) {
    return new ModelFaultError(failure('MODEL_TIMEOUT'), { cause: factsOf(error), mayHaveCost: true });
  }
  if (error instanceof APIConnectionError) {
    return new ModelFaultError(failure('MODEL_UNREACHABLE'), {
      cause: factsOf(error),
      mayHaveCost: wasSent(error),
    });
  }
  if (error instanceof AnswerTooLongError) return new ModelFaultError(endless, { mayHaveCost: true });
  if (error instanceof SyntaxError) {
    return new ModelFaultError(failure('MODEL_BAD_ANSWER'), { mayHaveCost: true });
  }
  // What fetch says where a connection breaks in the middle of an answer.
  if (error instanceof TypeError) {
    return new ModelFaultError(failure('MODEL_UNREACHABLE'), { mayHaveCost: true });
  }
  if (!isApiError(error)) return undefined;
  const retryAfterMs = error.headers && retryAfterMsOf(error.headers, now);
  // Who answers with an error charges nothing; who waits for somebody else in vain does not know.
  const mayHaveCost = error.status === 504;
  return new ModelFaultError(failureOf(error, model), { cause: factsOf(error), retryAfterMs, mayHaveCost });
}

/** For the log. What a provider says in its own words may quote the key or the prompt. */
function factsOf(error: APIError): Error {
  const facts = [
    error.name,
    error.status,
    error.code,
    error.type,
    error.requestID,
    ...causesOf(error).map(({ code }) => code),
  ];
  const words = facts.filter((fact) => fact !== undefined && fact !== null).map(String);
  return new Error(words.filter((word) => /^[\w.:-]{1,80}$/.test(word)).join(' '));
}

/** With codes such as ECONNREFUSED. */
function causesOf(error: Error): readonly NodeJS.ErrnoException[] {
  const causes: Error[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes.push(cause);
  return causes;
}

/** The guard of the class itself says `any` of what it holds. */
function isApiError(error: unknown): error is APIError {
  return error instanceof APIError;
}

/** Of these the question never left: nobody was there, or no secure connection came about. */
const beforeSending =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EPROTO|UND_ERR_CONNECT_TIMEOUT)$|CERT|SIGNATURE|^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNSUPPORTED_PROTOCOL|\w*HANDSHAKE\w*|\w*ALERT\w*)$/;

function wasSent(error: Error): boolean {
  return !causesOf(error).some(
    ({ code, message }) =>
      // The latter is a port that fetch forbids; it has no code for that.
      (typeof code === 'string' && beforeSending.test(code)) || message === 'bad port',
  );
}

interface ApiFault {
  readonly status: number | undefined;
  readonly code: string | null | undefined;
  readonly message: string;
}

/** How llama.cpp, vLLM and LM Studio say so: each has a code of its own, or none. */
const saysTooLong = /context (size|length|window)|maximum context|too many tokens in the prompt/i;

function failureOf(error: ApiFault, model: string): Failure {
  const { status = 0, code } = error;
  if (code === 'insufficient_quota' || status === 402) return failure('MODEL_QUOTA');
  if (code === 'context_length_exceeded' || saysTooLong.test(error.message)) return tooLong;
  if (code === 'unsupported_country_region_territory') return notInThisCountry;
  if (code === 'content_filter' || code === 'content_policy_violation') return filtered;
  if (code === 'rate_limit_exceeded') return failure('MODEL_RATE_LIMITED');
  if (code === 'invalid_api_key') return failure('MODEL_AUTH_FAILED');
  if (code === 'model_not_found') return unknownModel(model);
  switch (status) {
    case 401:
    case 403:
      return failure('MODEL_AUTH_FAILED');
    case 404:
      // OpenAI has a code for it, others say so in a sentence.
      return /\bmodel\b/i.test(error.message) ? unknownModel(model) : notAModelServer;
    case 408:
    case 504:
      return failure('MODEL_TIMEOUT');
    case 429:
      return failure('MODEL_RATE_LIMITED');
    default:
      return status >= 500 || status === 409 ? serverError : requestRefused;
  }
}

/** An error that was reported in what should have been an answer; its code may be a status. */
export function reportedFaultOf(
  { code, message }: { readonly code: number | string; readonly message: string },
  model: string,
): ModelFaultError {
  const status = /^[45]\d\d$/.test(String(code)) ? Number(code) : 500;
  const mayHaveCost = status >= 500;
  return new ModelFaultError(failureOf({ status, code: String(code), message }, model), { mayHaveCost });
}

const unknownModel = (model: string) =>
  failure('MODEL_BAD_ANSWER', {
    message: `The server of the model knows no model named ${model}, or you may not use it.`,
    action: 'Set OPENAI_MODEL to one that it offers, and restart.',
    retryable: false,
  });

export const notAModelServer = failure('MODEL_BAD_ANSWER', {
  message: 'What answers at OPENAI_BASE_URL is not the server of a model.',
  action: 'Set OPENAI_BASE_URL to the address of its API, which mostly ends in /v1, and restart.',
  retryable: false,
});

export const serverError = failure('MODEL_UNREACHABLE', {
  message: 'The server of the model reported an error of its own.',
  action: "Retry later, or look at the status page of the model's provider.",
});

const notInThisCountry = failure('MODEL_AUTH_FAILED', {
  message: 'The provider of the model does not serve the country that this server is in.',
  action: 'Set OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL to another provider, and restart.',
});

const tooLong = failure('MODEL_BAD_ANSWER', {
  message: 'The question was too long for the model.',
  action: 'Give the model a longer context, or choose an OPENAI_MODEL that has one, and restart.',
  retryable: false,
});

export const filtered = failure('MODEL_BAD_ANSWER', {
  message: "The content filter of the model's provider stopped the answer.",
  action: 'Choose another OPENAI_MODEL, or give these transactions a category yourself.',
  retryable: false,
});

export const refused = failure('MODEL_BAD_ANSWER', {
  message: 'The model refused to answer.',
  action: 'Choose another OPENAI_MODEL, or give these transactions a category yourself.',
  retryable: false,
});

const endless = failure('MODEL_BAD_ANSWER', {
  message: 'The answer of the model was far longer than it may be.',
  action: 'Choose another OPENAI_MODEL, and restart.',
  retryable: false,
});

const requestRefused = failure('MODEL_BAD_ANSWER', {
  message: 'The server of the model did not accept the question.',
  action: 'Choose another OPENAI_MODEL, and restart.',
  retryable: false,
});
