import { afterAll, beforeAll, describe } from 'vitest';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { describeAppending, type AppendLimits } from './appending-contract.js';
import { leaveNoStreams } from './leave-no-streams.js';
import { describeMetadataAndDelete } from './metadata-contract.js';
import { describeModel } from './model-contract.js';
import { describeReading } from './reading-contract.js';
import { describeSubscriptions } from './subscription-contract.js';
import { describeClosing } from './closing-contract.js';

export interface EventStoreContract extends AppendLimits {
  /** Opens a client of the same log each time. The log may hold streams of others. */
  readonly open: () => Promise<EventStore>;
}

/** What every event store must do, and nothing of what only some do. */
export function describeEventStore(name: string, { open, ...limits }: EventStoreContract): void {
  describe(name, () => {
    let store: EventStore;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(async () => {
      await store.close();
      const last = await open();
      await leaveNoStreams(last);
      await last.close();
    });
    const current = () => store;

    describeAppending(current, limits);
    describeReading(current);
    describeMetadataAndDelete(current);
    describeSubscriptions(current);
    describeModel(current);
    describeClosing(async () => {
      await store.close();
      store = await open();
      return store;
    });
  });
}
