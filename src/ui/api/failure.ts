export interface Failure {
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly action: string;
}
