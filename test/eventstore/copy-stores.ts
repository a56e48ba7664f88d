import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { copyEvents, type Copied, type CopyOptions } from '../../src/eventstore/copy-events.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { eventStoreDbStores } from '../contract/eventstoredb-stores.js';
import {
  eventStoreDbServers,
  type EventStoreDbServer,
  type ServerOptions,
} from '../support/eventstoredb/eventstoredb-server.js';
import { tempFolders } from '../support/temp-folder.js';
import { expectCopy } from './copied-logs.js';

export type CopyTarget = CopyOptions['target'];

/** What is copied from and to, anew for each test: a file, and an EventStoreDB. A test may take others. */
export interface CopyStores {
  source: EventStore;
  target: EventStore;
  readonly openFile: () => Promise<EventStore>;
  readonly openServer: (options?: ServerOptions) => Promise<EventStore>;
  readonly copy: (to?: CopyTarget, onProgress?: CopyOptions['onProgress']) => Promise<Copied>;
  readonly expectCopied: () => Promise<void>;
  /** The target, but its appends go another way; `calls` counts from 1. */
  readonly whoseAppends: (
    go: (
      appendNow: () => ReturnType<CopyTarget['append']>,
      calls: number,
    ) => ReturnType<CopyTarget['append']>,
  ) => CopyTarget;
}

export const streamPrefixes = ['job-', 'lane-'];

export const isLost = () => Promise.reject(new EventStoreUnavailableError('The connection was lost'));

/** To be called at the top of the file. */
export function copyStores(): CopyStores {
  const startServer = eventStoreDbServers();
  const openEventStoreDb = eventStoreDbStores();
  const tempFolder = tempFolders();
  const files: EventStore[] = [];
  const servers: EventStoreDbServer[] = [];
  const openFile = async () => {
    const store = await openSqliteEventStore({ file: path.join(tempFolder(), 'events.sqlite') });
    files.push(store);
    return store;
  };
  const openServer = async (options: ServerOptions = {}) => {
    const server = await startServer(options);
    servers.push(server);
    return openEventStoreDb(server.url);
  };
  let present: { source: EventStore; target: EventStore } | undefined;
  const opened = () => {
    if (!present) throw new Error('They are opened before each test');
    return present;
  };
  beforeEach(async () => {
    present = { source: await openFile(), target: await openServer() };
  });
  afterEach(async () => {
    await Promise.all(files.splice(0).map((store) => store.close()));
    await Promise.all(servers.splice(0).map((server) => server.kill()));
  });
  return {
    get source() {
      return opened().source;
    },
    set source(source) {
      opened().source = source;
    },
    get target() {
      return opened().target;
    },
    set target(target) {
      opened().target = target;
    },
    openFile,
    openServer,
    copy: (to = opened().target, onProgress = () => undefined) =>
      copyEvents({ source: opened().source, target: to, streamPrefixes, onProgress }),
    expectCopied: () => expectCopy(opened().source, opened().target, streamPrefixes),
    whoseAppends: (go) => {
      const { target } = opened();
      let calls = 0;
      return {
        append: (...args) => go(() => target.append(...args), ++calls),
        read: (...args) => target.read(...args),
        subscribe: (options) => target.subscribe(options),
      };
    },
  };
}
