/** What is asked for depends on events that this server has not read yet. The message is for the user. */
export class ReadSideBehindError extends Error {
  readonly code = 'READ_SIDE_BEHIND';

  /** @param what it cannot do: such as "list your jobs" */
  constructor(what: string, options?: ErrorOptions) {
    super(`This server has not read all events yet, so it cannot ${what}. Try again in a moment.`, options);
    this.name = 'ReadSideBehindError';
  }
}
