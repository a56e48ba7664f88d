import { GraphQLError } from 'graphql';
import type { Refusal } from '../src/application/refusal.js';
import type { ErrorCode } from './error-code.js';

/** An error of the public API: a sentence for the user, and a code of the contract. */
function codedError(code: ErrorCode, message: string, facts: Record<string, unknown> = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { ...facts, code } });
}

export function refused({ code, message, jobId }: Refusal): GraphQLError {
  return codedError(code, message, jobId === undefined ? {} : { jobId });
}

export function invalidInput(message: string): GraphQLError {
  return codedError('INVALID_INPUT', message);
}
