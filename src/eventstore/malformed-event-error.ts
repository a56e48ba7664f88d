import type { z } from 'zod';
import type { RecordedEvent } from './event-store.js';

/** A recorded event that this version cannot read. It is never skipped. */
export class MalformedEventError extends Error {
  readonly code = 'MALFORMED_EVENT';
  /** Where it is, and not what it holds, which is private: errors are logged. */
  readonly event: Omit<RecordedEvent, 'data'>;

  constructor({ stream, revision, type, position, id }: RecordedEvent, options?: ErrorOptions) {
    super(
      `Event ${revision} of stream ${stream} (${type}) cannot be read: a newer version wrote it, or ` +
        'another program. Install that version, or delete the stream; nothing is skipped until then.',
      options,
    );
    this.name = 'MalformedEventError';
    this.event = { stream, revision, type, position, id };
  }
}

/** @throws MalformedEventError */
export function parseEvent<E>(schema: z.ZodType<E>, recorded: RecordedEvent): E {
  const parsed = schema.safeParse({ ...recorded.data, type: recorded.type });
  if (!parsed.success) throw new MalformedEventError(recorded, { cause: parsed.error });
  return parsed.data;
}
