import type { Response } from 'express';
import type { ErrorCode } from '../../schema/error-code.js';

/** Answers as GraphQL does where it is not GraphQL that answers; the status is set by whoever asks for it. */
export function sendError(response: Response, code: ErrorCode, message: string, facts: object = {}): void {
  response.json({ errors: [{ message, extensions: { ...facts, code } }] });
}
