import { setMaxListeners } from 'node:events';
import {
  isCommandError,
  type EventStoreDBClient,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import streams, { type StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { EventStoreOpenError, EventStoreUnavailableError } from '../event-store-errors.js';
import { faultSentences, isMisconfigured, serverFaultOf } from './server-fault.js';
import { closedSentence, withinTime } from './within-time.js';

/** The long call over which events are appended. */
export type AppendStream = ReturnType<StreamsClient['batchAppend']>;

/** What the client has for its own calls; hence its exact version in package.json. */
interface ClientInternals {
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

/** Where it is said that the server went away, and that it is back; facts first, then the message. */
export interface ConnectionLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

/** What is done with the server: each in its time, and with errors that the port knows. */
export class Connection {
  readonly client: EventStoreDBClient;
  readonly #internals: ClientInternals;
  readonly #closing = new AbortController();
  readonly #log: ConnectionLog | undefined;
  #channel: { close(): void } | undefined;
  #hasAnswered = false;
  /** Why the server cannot be used at present. */
  #trouble: string | undefined;

  constructor(client: EventStoreDBClient, log: ConnectionLog | undefined) {
    this.client = client;
    this.#log = log;
    this.#internals = client as unknown as ClientInternals;
    setMaxListeners(0, this.#closing.signal);
    const { handleError, getChannel } = this.#internals;
    // Where no node of a cluster answers, it would reject, and nobody hears of that.
    this.#internals.handleError = (...args) => handleError(...args).catch(() => undefined);
    this.#internals.getChannel = async () => (this.#channel = await getChannel());
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Aborted when the store was closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** @throws EventStoreUnavailableError */
  checkOpen(): void {
    if (this.closing.aborted) throw new EventStoreUnavailableError(closedSentence);
  }

  /**
   * Does something that the server answers.
   *
   * @throws EventStoreUnavailableError the outcome is unknown
   * @throws EventStoreOpenError the address is wrong, as far as anybody can tell: it never did what it should
   */
  async ask<T>(work: (onProgress: () => void) => Promise<T>, giveUp?: () => void): Promise<T> {
    this.checkOpen();
    try {
      const answer = await withinTime(work, { closing: this.closing, ...(giveUp && { giveUp }) });
      this.#told(undefined);
      return answer;
    } catch (error) {
      throw this.asPortError(error);
    }
  }

  /** All that a read gives, whatever it takes as long as something comes. */
  async readAll<E extends ResolvedEvent>(start: () => StreamingRead<E>): Promise<readonly E[]> {
    let reading: StreamingRead<E> | undefined;
    const collect = (onProgress: () => void) =>
      new Promise<readonly E[]>((resolve, reject) => {
        const events: E[] = [];
        reading = start()
          .on('error', reject)
          .on('end', () => resolve(events))
          .on('data', (event) => {
            onProgress();
            events.push(event);
          });
      });
    return this.ask(collect, () => void reading?.cancel().catch(() => undefined));
  }

  openAppendStream(): Promise<AppendStream> {
    // The call is over when the connection is; each append has a time of its own.
    const args = this.#internals.callArguments({}, { deadline: Infinity });
    return this.#internals.GRPCStreamCreator(streams.StreamsClient, 'batchAppend', (client) =>
      client.batchAppend(...args),
    )();
  }

  /** An answer of the server stays as it is. */
  asPortError(error: unknown): unknown {
    if (error instanceof EventStoreUnavailableError) {
      if (!this.closing.aborted) this.#told(error.message);
      return error;
    }
    const fault = serverFaultOf(error);
    if (fault === undefined) {
      if (error instanceof Error && isCommandError(error)) this.#told(undefined);
      return error;
    }
    const sentence = faultSentences[fault];
    const isNeverUsable = isMisconfigured(fault) && !this.#hasAnswered;
    this.#told(sentence);
    if (isNeverUsable) return new EventStoreOpenError(sentence, { cause: error });
    return new EventStoreUnavailableError(sentence, { cause: error });
  }

  #told(trouble: string | undefined): void {
    this.#hasAnswered ||= trouble === undefined;
    if (trouble === this.#trouble) return;
    const wasFine = this.#trouble === undefined;
    this.#trouble = trouble;
    if (trouble === undefined) this.#log?.warn({}, 'EventStoreDB is back');
    else if (wasFine) this.#log?.warn({ reason: trouble }, 'EventStoreDB cannot be used; it is tried again');
    else this.#log?.info({ reason: trouble }, 'EventStoreDB still cannot be used');
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.client.dispose();
    this.#channel?.close();
  }
}
