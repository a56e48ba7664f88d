import path from 'node:path';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { tempFolders } from '../support/temp-folder.js';
import { describeEventStore } from './event-store-contract.js';

const file = path.join(tempFolders()(), 'events.sqlite');

describeEventStore('the event store in SQLite', {
  open: () => openSqliteEventStore({ file }),
  largestAppendBytes: 8 * 1024 * 1024,
  refusesLargerAppends: false,
});
