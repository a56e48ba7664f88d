/** The part of a logger that is used here; facts first, then the message. */
export interface ActualLog {
  debug(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}
