import type { EventStore } from '../../src/eventstore/event-store.js';

/** The store under test: there is none yet when the tests are declared. */
export type CurrentStore = () => EventStore;
