import { jobEventSchema } from '../src/domain/job-events.js';
import { laneEventSchema } from '../src/domain/lane-events.js';
import { budgetIdOf, jobIdOf, jobPrefix } from '../src/domain/streams.js';
import type { RecordedEvent } from '../src/eventstore/event-store.js';
import { parseEvent } from '../src/eventstore/malformed-event-error.js';
import type { DomainEvent } from './projection.js';

/**
 * @returns with the job's id, or the budget's for an event of a lane
 * @throws MalformedEventError
 */
export function parseDomainEvent(recorded: RecordedEvent): {
  readonly event: DomainEvent;
  readonly id: string;
} {
  return recorded.stream.startsWith(jobPrefix)
    ? { event: parseEvent(jobEventSchema, recorded), id: jobIdOf(recorded.stream) }
    : { event: parseEvent(laneEventSchema, recorded), id: budgetIdOf(recorded.stream) };
}
