/** A cursor that was not given out by this query. The message is for the user. */
export class InvalidCursorError extends Error {
  readonly code = 'INVALID_CURSOR';

  constructor() {
    super('after is not a cursor of this list.');
    this.name = 'InvalidCursorError';
  }
}

/** A place in a list as opaque text; `list` keeps cursors of one list from being used with another. */
export function encodeCursor(list: string, place: string): string {
  return Buffer.from(`${list}:${place}`).toString('base64url');
}

/** @throws InvalidCursorError */
export function decodeCursor(list: string, cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith(`${list}:`) || encodeCursor(list, text.slice(list.length + 1)) !== cursor) {
    throw new InvalidCursorError();
  }
  return text.slice(list.length + 1);
}
