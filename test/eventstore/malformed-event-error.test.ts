import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { jobEventSchema } from '../../src/domain/job-events.js';
import { MalformedEventError, parseEvent } from '../../src/eventstore/malformed-event-error.js';
import { queued } from '../support/job-history.js';

describe('an event that cannot be read', () => {
  const where = {
    stream: 'job-a',
    revision: 3,
    type: 'JobQueued',
    position: '0000000000000007',
    id: '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
  };

  /** What was thrown at it. */
  function errorOf(data: Readonly<Record<string, unknown>>): unknown {
    try {
      parseEvent(jobEventSchema, { ...where, data });
    } catch (error) {
      return error;
    }
    throw new Error('It could be read');
  }

  it.each([
    ['of a newer version', { ...queued(), v: 2, payee: 'Lidl' }],
    ['without its fields', { request: { ownerId: 'Lidl', type: 'Lidl' } }],
  ])('is named in the log, by where it is, without what it holds: %s', (_, data) => {
    const lines: string[] = [];
    const log = pino({ base: null }, { write: (line: string) => lines.push(line) });
    const error = errorOf(data);

    log.error({ err: error }, 'It stopped');

    expect(error).toBeInstanceOf(MalformedEventError);
    expect((error as MalformedEventError).event).toEqual(where);
    expect(lines).toEqual([expect.stringContaining('Event 3 of stream job-a (JobQueued) cannot be read')]);
    expect(lines[0]).not.toContain('Lidl');
  });
});
