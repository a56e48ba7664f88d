import type { Response } from 'express';

/** Answers as GraphQL does where it is not GraphQL that answers; the status is set by whoever asks for it. */
export function sendError(response: Response, code: string, message: string, facts: object = {}): void {
  response.json({ errors: [{ message, extensions: { ...facts, code } }] });
}
