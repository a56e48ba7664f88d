const sentences = {
  /** Found out at the start. */
  MADE_FROM_ANOTHER:
    'The read models in DATA_DIR were made from another log than the event store holds: it was restored from an older ' +
    'copy, or is another one. `npm run projections -- rebuild` makes them anew; a server does so when it starts.',
  /** While it was followed. */
  REPLACED:
    'The event store was restored from an older copy, or replaced, while this server ran. Start the server again: it ' +
    'then reads the log anew.',
} as const;

/** The event store holds another log than the one that was applied; the message says what to do. */
export class OtherLogError extends Error {
  readonly code = 'OTHER_LOG';

  constructor(how: keyof typeof sentences) {
    super(sentences[how]);
    this.name = 'OtherLogError';
  }
}
