import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { EventStoreOpenError, EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';
import { eventStoreDbServers } from '../support/eventstoredb/eventstoredb-server.js';
import { selfSignedCertificate as tls } from '../support/self-signed-certificate.js';
import { tempFolders } from '../support/temp-folder.js';
import { append, newEvents, newStream, revisionsOf } from './contract-events.js';
import { eventStoreDbStores } from './eventstoredb-stores.js';
import { follow, isCaughtUp } from './follow.js';

const startServer = eventStoreDbServers();
const tempFolder = tempFolders();

const open = eventStoreDbStores();

const malformed = 'EVENTSTORE_URL is not an address of EventStoreDB.';

/** What whoever opens the store at this address is told. */
function refusal(url: string): unknown {
  try {
    open(url);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('an address that is malformed', () => {
  it.each<[string, string]>([
    ['', malformed],
    ['localhost:2113', malformed],
    ['http://localhost:2113', malformed],
    ['esdb://', malformed],
    ['esdb://?tls=false', malformed],
    ['esdb://admin:s3cr3t@', malformed],
    ['esdb://admin:s3cr3t@host:port', malformed],
    ['esdb://admin:s3cr3t@host:2113:2114', malformed],
    ['esdb://admin:s3cr@3t@host:2113', malformed],
    ['esdb://admin:s3cr3t@host?tls=maybe', malformed],
    ['esdb://admin:s3cr3t@host?keepAliveInterval=soon', malformed],
    ['esdb://admin:s3cr3t@host?tls', malformed],
    ['esdb://admin:s3cr3t@host?tls=false&tslCAFile=x', 'EVENTSTORE_URL has an unknown option: tslCAFile.'],
    [
      'esdb://admin:s3cr3t@host?tlsCAFile=/not/there',
      'A certificate named in EVENTSTORE_URL could not be read.',
    ],
  ])('is refused at once, with a sentence that gives no secret away: "%s"', (url, sentence) => {
    const written = vi.spyOn(console, 'warn').mockImplementation(() => undefined);

    const error = refusal(url);

    expect(error).toBeInstanceOf(EventStoreOpenError);
    expect((error as EventStoreOpenError).message).toContain(sentence);
    expect(inspect(error, { depth: 10 })).not.toContain('s3cr');
    expect(written).not.toHaveBeenCalled();
    written.mockRestore();
  });
});

describe('an address of EventStoreDB', () => {
  it.each([
    ['with nothing but the host', (port: number) => `esdb://127.0.0.1:${port}?tls=false`],
    ['with a slash', (port: number) => `esdb://127.0.0.1:${port}/?tls=false`],
    [
      'with options in another case',
      (port: number) => `esdb://127.0.0.1:${port}?TLS=false&keep-alive-interval=9000`,
    ],
    [
      'with a user, whom an insecure server lets in',
      (port: number) => `esdb://a:b%40@127.0.0.1:${port}?tls=false`,
    ],
    ['of several nodes', (port: number) => `esdb://127.0.0.1:${port},127.0.0.1:1?tls=false`],
    ['that has to be discovered', (port: number) => `esdb+discover://127.0.0.1:${port}?tls=false`],
  ])('may come %s', async (_, urlAt) => {
    const written = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { port } = await startServer();
    const store = open(urlAt(port));
    const stream = newStream();

    await append(store, stream, newEvents(2), 'no-stream');

    expect(await revisionsOf(store, stream)).toEqual([0, 1]);
    expect(written).not.toHaveBeenCalled();
    written.mockRestore();
  });

  it('may be that of nodes none of which is there yet', async () => {
    const store = open('esdb://127.0.0.1:1,127.0.0.1:2?tls=false');

    await expect(append(store, newStream(), newEvents(1))).rejects.toThrow(EventStoreUnavailableError);
    await expect(store.read(newStream())).rejects.toThrow(EventStoreUnavailableError);
  });
});

describe('a server that cannot be used at this address', () => {
  const caFile = () => {
    const file = path.join(tempFolder(), 'ca.pem');
    writeFileSync(file, tls.cert);
    return file;
  };
  const user = 'admin:s3cr3t';

  it('does not speak TLS, and is told with a sentence that says what to do', async () => {
    const { port } = await startServer();
    const store = open(`esdb://localhost:${port}`);

    await expect(append(store, newStream(), newEvents(1))).rejects.toThrow(
      'EventStoreDB does not speak TLS at the address of EVENTSTORE_URL. Add tls=false to it',
    );
    await expect(store.read(newStream())).rejects.toThrow(EventStoreOpenError);
  });

  it.each<[string, string, string]>([
    ['has a certificate that nobody trusts', `${user}@`, 'The certificate of EventStoreDB is not trusted.'],
    ['does not know the password', 'admin:s3cr3t2@', 'EventStoreDB refused the user of EVENTSTORE_URL.'],
    ['lets nobody in without a password', '', 'EventStoreDB refused the user of EVENTSTORE_URL.'],
  ])('is told to whoever uses the store, with a sentence that says what to do: it %s', async (...row) => {
    const [situation, credentials, sentence] = row;
    const { port } = await startServer({ tls, user });
    const trust = situation.includes('trusts') ? '' : `?tlsCAFile=${encodeURIComponent(caFile())}`;
    const store = open(`esdb://${credentials}localhost:${port}${trust}`);

    const asked = [
      append(store, newStream(), newEvents(1)),
      store.read(newStream()),
      store.setMetadata(newStream(), {}),
      store.delete(newStream(), { expectedRevision: 0 }),
      follow(store, {}).ended,
    ];

    for (const answer of asked) {
      const error: unknown = await answer.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(EventStoreOpenError);
      expect((error as EventStoreOpenError).message).toContain(sentence);
      expect(inspect(error, { depth: 10 })).not.toContain('s3cr3t');
    }
  });

  it('is none where the certificate is trusted and the password is right', async () => {
    const { port } = await startServer({ tls, user });
    const store = open(`esdb://${user}@localhost:${port}?tlsCAFile=${encodeURIComponent(caFile())}`);
    const stream = newStream();
    const follower = follow(store, { streamPrefixes: [stream] });

    await append(store, stream, newEvents(1), 'no-stream');
    await store.delete(stream, { expectedRevision: 0 });

    await follower.until(isCaughtUp);
    await follower.stop();
  });
});
