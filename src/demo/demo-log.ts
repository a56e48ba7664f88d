/** The part of pino's logger that is used here; facts first, then the message. */
export interface DemoLog {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
