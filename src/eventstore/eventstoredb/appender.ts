import { randomUUID } from 'node:crypto';
import { convertToCommandError, UnknownError } from '@eventstore/db-client';
import { unpackToCommandError } from '@eventstore/db-client/dist/streams/appendToStream/unpackError.js';
import { parseUUID } from '@eventstore/db-client/dist/utils/grpcUUID.js';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Position } from '../event-store.js';
import { EventStoreUnavailableError } from '../event-store-errors.js';
import { appendRequest, type AppendBatch } from './append-request.js';
import type { AppendStream, Connection } from './connection.js';
import { positionOf } from './position.js';
import { faultSentences } from './server-fault.js';

export interface Appended {
  readonly revision: number;
  /** Undefined: the server does not know it any longer. */
  readonly position: Position | undefined;
}

interface Waiter {
  readonly stream: string;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Appends over one long call, many at a time, as `appendToStream` of the client does. That one has no deadline, and
 * shares its waiters between all clients of a process: where one loses its connection, the others fail, and an
 * answer to them ends the process.
 */
export class Appender {
  readonly #connection: Connection;
  #call: Promise<AppendCall> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  append(batch: AppendBatch): Promise<Appended> {
    const call = (this.#call ??= this.#open());
    // Who does not answer one does not answer the others: what waits in the call would pile up.
    const giveUp = () => {
      this.#forget(call);
      call.then(
        (open) => open.cancel(),
        () => undefined,
      );
    };
    return this.#connection.ask(() => call.then((open) => open.append(batch)), giveUp);
  }

  #open(): Promise<AppendCall> {
    const call = this.#connection
      .openAppendStream()
      .then((stream) => new AppendCall(stream, () => this.#forget(call)));
    call.catch(() => this.#forget(call));
    return call;
  }

  #forget(call: Promise<AppendCall>): void {
    if (this.#call === call) this.#call = undefined;
  }
}

class AppendCall {
  readonly #stream: AppendStream;
  readonly #waiters = new Map<string, Waiter>();
  #error: Error | undefined;

  constructor(stream: AppendStream, onEnded: () => void) {
    this.#stream = stream;
    const end = (error: Error) => {
      onEnded();
      this.#error ??= error;
      for (const { reject } of this.#waiters.values()) reject(this.#error);
      this.#waiters.clear();
    };
    stream
      .on('data', (answer: BatchAppendResp) => this.#receive(answer))
      .on('error', (error: Error) => end(convertToCommandError(error)))
      .on('close', () => end(new EventStoreUnavailableError(faultSentences.UNREACHABLE)));
  }

  append(batch: AppendBatch): Promise<Appended> {
    return new Promise((resolve, reject) => {
      if (this.#error) {
        reject(this.#error);
        return;
      }
      const correlationId = randomUUID();
      this.#waiters.set(correlationId, { stream: batch.stream, resolve, reject });
      this.#stream.write(appendRequest(correlationId, batch));
    });
  }

  cancel(): void {
    this.#stream.cancel();
  }

  #receive(answer: BatchAppendResp): void {
    const correlationId = parseUUID(answer.getCorrelationId()) ?? '';
    const waiter = this.#waiters.get(correlationId);
    if (!waiter) return;
    this.#waiters.delete(correlationId);
    const error = answer.getError();
    if (!error) waiter.resolve(appended(answer.getSuccess()));
    else if (error.hasDetails()) waiter.reject(unpackToCommandError(error, waiter.stream));
    else waiter.reject(new UnknownError(undefined, error.getMessage()));
  }
}

function appended(success: BatchAppendResp.Success | undefined): Appended {
  const position = success?.getPosition();
  return {
    revision: Number(success?.getCurrentRevision()),
    position:
      position &&
      positionOf({
        commit: BigInt(position.getCommitPosition()),
        prepare: BigInt(position.getPreparePosition()),
      }),
  };
}
