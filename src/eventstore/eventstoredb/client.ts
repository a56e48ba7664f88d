import { EventStoreDBClient } from '@eventstore/db-client';
import { EventStoreOpenError } from '../event-store-errors.js';

/** So that a server that hangs is noticed within 5 s, not after 18 s (milliseconds). */
const keepAlive = { keepAliveInterval: 2_000, keepAliveTimeout: 1_500 };

const options: readonly string[] = [
  ...['tls', 'tlsVerifyCert', 'tlsCAFile', 'userCertFile', 'userKeyFile', 'connectionName'],
  ...['nodePreference', 'maxDiscoverAttempts', 'discoveryInterval', 'gossipTimeout'],
  ...['defaultDeadline', 'throwOnAppendFailure', 'keepAliveInterval', 'keepAliveTimeout'],
];

const malformed =
  'EVENTSTORE_URL is not an address of EventStoreDB. Write it as esdb://user:password@host:2113 ' +
  '(a special character in the password as in other addresses: @ as %40), ' +
  'options behind a question mark: esdb://localhost:2113?tls=false.';
const unreadableCertificate =
  'A certificate named in EVENTSTORE_URL could not be read. Check tlsCAFile, userCertFile and userKeyFile.';

/**
 * A client for an address. It connects when it is used.
 *
 * @throws EventStoreOpenError
 */
export function createClient(url: string): EventStoreDBClient {
  const address = withKeepAlive(url.trim());
  try {
    return silently(() => EventStoreDBClient.connectionString(address));
  } catch (error) {
    // What the client says quotes the address, and the password in it.
    const isCertificate = error instanceof Error && /certificate|userCertFile/i.test(error.message);
    throw new EventStoreOpenError(isCertificate ? unreadableCertificate : malformed);
  }
}

/** The client would leave out options that it does not know. */
function withKeepAlive(url: string): string {
  const [, hosts = '', query = ''] =
    /^esdb(?:\+discover)?:\/\/(?:[^:]+:[^@]+@)?([^?]*)(?:\?(.*))?$/.exec(url) ?? [];
  // A password that is not written as it must be would be taken for a host.
  if (hosts === '' || hosts.includes('@')) throw new EventStoreOpenError(malformed);
  const pairs = query === '' ? [] : query.split('&');
  if (!pairs.every((pair) => /^[^=]+=[^=]/.test(pair))) throw new EventStoreOpenError(malformed);
  const given = pairs.map((pair) => pair.split('=', 1).join(''));
  const unknown = given.find((name) => !options.some((option) => isSame(name, option)));
  if (unknown !== undefined) {
    const sentence = `EVENTSTORE_URL has an unknown option: ${unknown}. Correct it, or leave it out.`;
    throw new EventStoreOpenError(sentence);
  }
  const added = Object.entries(keepAlive).filter(([name]) => !given.some((other) => isSame(name, other)));
  const begun = query === '' ? `${url.replace(/[/?]+$/, '')}?` : `${url}&`;
  return (begun + added.map(([name, value]) => `${name}=${value}`).join('&')).replace(/[?&]$/, '');
}

/** The client takes options in any case. */
function isSame(one: string, other: string): boolean {
  const plain = (name: string) => name.trim().toLowerCase().replace(/[_-]/g, '');
  return plain(one) === plain(other);
}

/** The client writes to the terminal that it would rather notice later that the server hangs. */
function silently<T>(make: () => T): T {
  const terminal: { warn: unknown } = globalThis.console;
  const { warn } = terminal;
  terminal.warn = () => undefined;
  try {
    return make();
  } finally {
    terminal.warn = warn;
  }
}
