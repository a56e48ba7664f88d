import path from 'node:path';
import { NamespacedEventStore } from '../../src/eventstore/namespaced-event-store.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { tempFolders } from '../support/temp-folder.js';
import { describeEventStore } from './event-store-contract.js';

const file = path.join(tempFolders()(), 'events.sqlite');

describeEventStore('a namespace of an event store', {
  open: async () => new NamespacedEventStore(await openSqliteEventStore({ file }), 'home'),
  largestAppendBytes: 8 * 1024 * 1024,
  refusesLargerAppends: false,
});
