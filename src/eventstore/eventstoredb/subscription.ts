import { setTimeout as pause } from 'node:timers/promises';
import {
  BACKWARDS,
  END,
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type Position as LogPosition,
} from '@eventstore/db-client';
import type { SubscribeOptions, SubscriptionItem } from '../event-store.js';
import { EventStoreUnavailableError, UnknownPositionError } from '../event-store-errors.js';
import type { Connection } from './connection.js';
import { logPositionOf, positionOf } from './position.js';
import { recorded } from './recorded-event.js';

const firstPauseMs = 100;
const longestPauseMs = 1_000;

/**
 * Follows the log over as many subscriptions of the server as it takes: one that broke off never comes back by
 * itself.
 *
 * @throws UnknownPositionError `after` is not a position of this log, or is none any longer
 * @throws EventStoreUnavailableError the store was closed before
 */
export async function* subscription(
  connection: Connection,
  options: SubscribeOptions,
): AsyncGenerator<SubscriptionItem, void, void> {
  connection.checkOpen();
  const { streamPrefixes } = options;
  const signal = AbortSignal.any([options.signal, connection.closing]);
  let after = options.after === undefined ? undefined : logPositionOf(options.after);
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      await checkKnown(connection, after);
      for await (const item of unbroken(connection, { after, streamPrefixes, signal })) {
        pauseMs = firstPauseMs;
        if (item.kind === 'event') after = logPositionOf(item.event.position);
        yield item;
        if (signal.aborted) return;
      }
    } catch (error) {
      const reason = connection.asPortError(error);
      if (!signal.aborted && !(reason instanceof EventStoreUnavailableError)) throw reason;
    }
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

/** A position of another log, or of this one before it was restored, would leave out events without a word. */
async function checkKnown(connection: Connection, after: LogPosition | undefined): Promise<void> {
  const [last] = await connection.readAll(() =>
    connection.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }),
  );
  if (!after) return;
  const position = positionOf(after);
  if (!last?.event?.position || positionOf(last.event.position) < position) {
    throw new UnknownPositionError(position);
  }
}

interface UnbrokenOptions {
  readonly after: LogPosition | undefined;
  readonly streamPrefixes: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

const caughtUp: SubscriptionItem = { kind: 'caught-up' };

/** One subscription of the server, until it breaks off. */
async function* unbroken(
  { client }: Connection,
  { after, streamPrefixes, signal }: UnbrokenOptions,
): AsyncGenerator<SubscriptionItem, void, void> {
  // The server's notion of a prefix, and of a system stream, is a hint; ours decides.
  const isWanted = (stream: string) =>
    !stream.startsWith('$') && (streamPrefixes?.some((prefix) => stream.startsWith(prefix)) ?? true);
  const filter = streamPrefixes?.length
    ? streamNameFilter({ prefixes: [...streamPrefixes] })
    : streamNameFilter({ regex: '^[^$]' });
  const items = client.subscribeToAll({ fromPosition: after ?? START, filter });
  const end = () => items.destroy();
  signal.addEventListener('abort', end);
  try {
    // It may still fail when nobody follows it any longer.
    items.on('error', () => undefined);
    // Behind the events that came before it, which the consumer may not have taken yet.
    items.on('caughtUp', () => items.push(caughtUp));
    for await (const item of items as AsyncIterable<AllStreamResolvedEvent | typeof caughtUp>) {
      if ('kind' in item) yield item;
      else if (item.event && isWanted(item.event.streamId)) {
        yield { kind: 'event', event: recorded(item.event) };
      }
    }
  } finally {
    signal.removeEventListener('abort', end);
    items.unsubscribe().catch(() => undefined);
  }
}
