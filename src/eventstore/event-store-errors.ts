import type { ExpectedRevision } from './event-store.js';

/** Somebody else appended first. Read the stream again and decide again. */
export class WrongExpectedRevisionError extends Error {
  readonly code = 'WRONG_EXPECTED_REVISION';

  constructor(
    readonly stream: string,
    readonly expectedRevision: ExpectedRevision,
  ) {
    super(`Stream ${stream} is not at revision ${expectedRevision}`);
    this.name = 'WrongExpectedRevisionError';
  }
}

/** More than the store takes at once. Nothing was appended, and never will be: append it in parts. */
export class AppendTooLargeError extends Error {
  readonly code = 'APPEND_TOO_LARGE';

  constructor(
    readonly stream: string,
    readonly limitBytes: number,
  ) {
    super(`An append to stream ${stream} is larger than ${limitBytes} bytes`);
    this.name = 'AppendTooLargeError';
  }
}

/** Somebody deleted the stream in a way that lets nobody begin it anew. Nothing was appended, and never will be. */
export class StreamTombstonedError extends Error {
  readonly code = 'STREAM_TOMBSTONED';

  constructor(readonly stream: string) {
    super(
      `Stream ${stream} was deleted for ever (tombstoned) by another program, so nothing can be appended to it any ` +
        'longer. Where it is the queue of a budget, no job of this budget can be started in this event store.',
    );
    this.name = 'StreamTombstonedError';
  }
}

/** The store could not be reached or could not write. The outcome of an append is unknown. */
export class EventStoreUnavailableError extends Error {
  readonly code = 'EVENT_STORE_UNAVAILABLE';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EventStoreUnavailableError';
  }
}

/** This log has no such position (yet): it is another store's, or of this one before it was restored. */
export class UnknownPositionError extends Error {
  readonly code = 'UNKNOWN_POSITION';

  constructor(readonly position: string) {
    super(`${position} is not a position of this event store`);
    this.name = 'UnknownPositionError';
  }
}

/** The store cannot be opened at all; the message says what to do. */
export class EventStoreOpenError extends Error {
  readonly code = 'EVENT_STORE_OPEN';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EventStoreOpenError';
  }
}
