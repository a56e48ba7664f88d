/** The event store holds another log than the one that was applied; the message says what to do. */
export class OtherLogError extends Error {
  readonly code = 'OTHER_LOG';

  constructor(sentence: string) {
    super(sentence);
    this.name = 'OtherLogError';
  }
}
