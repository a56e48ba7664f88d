import { describe, expect, it } from 'vitest';
import { OtherLogError } from '../../projections/other-log-error.js';
import type { Logger } from '../../src/application/logger.js';
import { StreamTombstonedError } from '../../src/eventstore/event-store-errors.js';
import { formatError } from '../../src/server/error-format.js';

describe('an error of the event store that a request meets', () => {
  it.each([
    [
      'another log in its place',
      new OtherLogError('REPLACED'),
      'The event store was replaced while this server ran, so this may or may not have been done. Once the server was started again, look at your jobs, then try again.',
    ],
    [
      'a stream that was deleted for ever',
      new StreamTombstonedError('lane-household'),
      'A part of the event store was deleted for ever, so this cannot be done. Whoever runs the server finds in its log which one.',
    ],
  ])('is told in words for whoever asks, and is no fault of this app: %s', (_, error, message) => {
    const logged: { readonly level: string; readonly reason: unknown }[] = [];
    const at = (level: string) => (facts: { readonly reason?: unknown }) =>
      logged.push({ level, reason: facts.reason });
    const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } as Logger;

    expect(formatError(error, { log, onRefusal: () => undefined })).toEqual({
      message,
      extensions: { code: 'EVENT_STORE_UNAVAILABLE' },
    });
    expect(logged).toEqual([{ level: 'warn', reason: error.message }]);
  });
});
