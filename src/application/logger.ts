/**
 * The part of pino's logger that is used; facts first, then the message. What is about a job says its `jobId`, `step` and
 * `owner`; the log itself hashes the owner.
 */
export interface Logger {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
