import { EventStoreDBClient } from '@eventstore/db-client';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { EventStoreOpenError } from '../event-store-errors.js';

/** The long call over which events are appended. */
export type AppendStream = ReturnType<StreamsClient['batchAppend']>;

/** What the client has for its own calls; hence the exact version in package.json. */
export interface ClientInternals {
  GRPCStreamCreator(
    Client: typeof StreamsClient,
    name: string,
    create: (client: StreamsClient) => AppendStream,
  ): () => Promise<AppendStream>;
  callArguments(
    options: object,
    callOptions: { readonly deadline: number },
  ): Parameters<StreamsClient['batchAppend']>;
  handleError: (client: unknown, error: unknown) => Promise<void>;
  getChannel: () => Promise<{ close(): void }>;
}

/** So that a server that hangs is noticed within 5 s; the client's own are three times as long (milliseconds). */
const keepAlive = { keepAliveInterval: 2_000, keepAliveTimeout: 2_000 };

/** @throws EventStoreOpenError */
export function createClient(url: string): EventStoreDBClient {
  const address = withKeepAlive(checked(url));
  try {
    return silently(() => EventStoreDBClient.connectionString(address));
  } catch (error) {
    // What the client says quotes the address, and the password in it.
    const isAboutCertificate = error instanceof Error && /certificate|userCertFile/i.test(error.message);
    throw new EventStoreOpenError(isAboutCertificate ? certificateSentence : malformedSentence);
  }
}

const malformedSentence =
  'EVENTSTORE_URL is not an address of EventStoreDB. Write it as esdb://user:password@host:2113, options behind a question mark: esdb://localhost:2113?tls=false.';
const certificateSentence =
  'A certificate named in EVENTSTORE_URL could not be read. Check tlsCAFile, userCertFile and userKeyFile.';

const knownOptions: ReadonlySet<string> = new Set(
  [
    ...['tls', 'tlsVerifyCert', 'tlsCAFile', 'userCertFile', 'userKeyFile', 'nodePreference', 'connectionName'],
    ...['defaultDeadline', 'maxDiscoverAttempts', 'discoveryInterval', 'gossipTimeout', 'throwOnAppendFailure'],
    ...['keepAliveInterval', 'keepAliveTimeout'],
  ].map(flat),
);

/** The client takes options in any case, and leaves out the ones that it does not know. */
function checked(url: string): string {
  for (const name of optionsOf(url)) {
    if (!knownOptions.has(flat(name))) {
      throw new EventStoreOpenError(`EVENTSTORE_URL has an unknown option: ${name}. Correct it, or leave it out.`);
    }
  }
  return url;
}

function withKeepAlive(url: string): string {
  const given = new Set(optionsOf(url).map(flat));
  const missing = Object.entries(keepAlive).filter(([name]) => !given.has(flat(name)));
  const options = missing.map(([name, value]) => `${name}=${value}`).join('&');
  if (options === '') return url;
  return `${url.trim().replace(/\/+$/, '')}${url.includes('?') ? '&' : '?'}${options}`;
}

function optionsOf(url: string): readonly string[] {
  const [, options = ''] = url.split('?', 2);
  return options.split('&').flatMap((option) => option.split('=', 1)).filter((name) => name !== '');
}

function flat(name: string): string {
  return name.trim().toLowerCase().replace(/[_-]/g, '');
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
