import path from 'node:path';
import { afterEach, expect } from 'vitest';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { eventStoreDbStores } from '../contract/eventstoredb-stores.js';
import { spawnEventStoreCommand, type EventStoreCommand } from '../support/eventstore-command.js';
import { eventStoreDbServers, type EventStoreDbServer } from '../support/eventstoredb/eventstoredb-server.js';
import { tempFolders } from '../support/temp-folder.js';
import { expectCopy } from './copied-logs.js';

export const ourPrefixes = ['job-', 'lane-'];

interface CommandOptions {
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** A DATA_DIR, an EventStoreDB, and the command that copies from the one to the other. */
export interface PreparedCopy {
  readonly dataDir: string;
  readonly server: EventStoreDbServer;
  /** The file in which the server keeps what was appended: a line for each append. */
  readonly log: string;
  readonly target: EventStore;
  /** With a password that nobody may see. */
  readonly env: Readonly<Record<string, string>>;
  /** What a server does in DATA_DIR before. */
  given(live: (store: EventStore) => Promise<unknown>): Promise<void>;
  start(options?: CommandOptions): EventStoreCommand;
  run(options?: CommandOptions): Promise<Ended>;
  /** What it says where it does not copy: one line. */
  refusal(options?: CommandOptions): Promise<string>;
  expectCopied(): Promise<void>;
}

/** Each ends with its test. To be called at the top of the file. */
export function preparedCopies(): () => Promise<PreparedCopy> {
  const startServer = eventStoreDbServers();
  const openTarget = eventStoreDbStores();
  const tempFolder = tempFolders();
  const servers: EventStoreDbServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.kill())));
  return async () => {
    const log = path.join(tempFolder(), 'log');
    const server = await startServer({ file: log });
    servers.push(server);
    return preparedCopy({ dataDir: tempFolder(), server, log, target: openTarget(server.url) });
  };
}

function preparedCopy(parts: Pick<PreparedCopy, 'dataDir' | 'server' | 'log' | 'target'>): PreparedCopy {
  const { dataDir, server, target } = parts;
  const env = { EVENTSTORE_URL: server.url.replace('//', '//admin:s3cr3t@') };
  const given = async (live: (store: EventStore) => Promise<unknown>) => {
    const store = await openSqliteEventStore({ file: path.join(dataDir, 'events.sqlite') });
    await live(store);
    await store.close();
  };
  const start = (options?: CommandOptions) => spawnEventStoreCommand({ dataDir, env, ...options });
  const run = async (options?: CommandOptions) => {
    const command = start(options);
    const status = await command.exited;
    const output = command.output();
    expect(output).not.toContain('s3cr3t');
    expect(output).not.toMatch(/^\s+at /m);
    return { status, output };
  };
  return {
    ...parts,
    env,
    given,
    start,
    run,
    refusal: async (options) => {
      const { status, output } = await run(options);
      expect(status).toBe(1);
      expect(output.trim().split('\n')).toHaveLength(1);
      return output.trim();
    },
    expectCopied: () => given((store) => expectCopy(store, target, ourPrefixes)),
  };
}
