import { setTimeout as pause } from 'node:timers/promises';
import {
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type Position as LogPosition,
  type RecordedEvent as ServerEvent,
} from '@eventstore/db-client';
import type { SubscribeOptions, SubscriptionItem } from '../event-store.js';
import { EventStoreUnavailableError, UnknownPositionError } from '../event-store-errors.js';
import type { Connection } from './connection.js';
import { lastPositionIn } from './log-end.js';
import { logPositionOf, positionOf } from './position.js';
import { recorded } from './recorded-event.js';

const firstPauseMs = 100;
const longestPauseMs = 1_000;

/** A node of a cluster may be behind for so long. */
const longestBehindMs = 3_000;

const caughtUp: SubscriptionItem = { kind: 'caught-up' };

/**
 * Follows the log over as many subscriptions of the server as it takes: one that broke off never comes back by
 * itself.
 *
 * @throws UnknownPositionError `after` is not a position of this log, or is none any longer
 * @throws EventStoreUnavailableError the store was closed before
 * @throws whatever `onGap` does
 */
export async function* subscription(
  connection: Connection,
  { after, streamPrefixes, onLost, onGap, signal: consumerSignal }: SubscribeOptions,
): AsyncGenerator<SubscriptionItem, void, void> {
  connection.checkOpen();
  // The server's notion of a prefix, and of a system stream, is a hint; ours decides.
  const isWanted = ({ streamId: stream, type }: ServerEvent) =>
    !stream.startsWith('$') &&
    // How a stream ends for ever: nobody appended it.
    type !== '$streamDeleted' &&
    (streamPrefixes?.some((prefix) => stream.startsWith(prefix)) ?? true);
  const signal = AbortSignal.any([consumerSignal, connection.closing]);
  const hasEnded = () => signal.aborted;
  let position = after === undefined ? undefined : logPositionOf(after);
  let pauseMs = firstPauseMs;
  let unknownSince: number | undefined;
  let isBack = false;
  let isRefused = false;
  while (!hasEnded()) {
    let items: AllStreamSubscription | undefined;
    const end = () => items?.destroy();
    signal.addEventListener('abort', end);
    try {
      await checkKnown(connection, position);
      unknownSince = undefined;
      items = begin(connection, position, streamPrefixes);
      if (hasEnded()) return;
      for await (const item of items as AsyncIterable<AllStreamResolvedEvent | typeof caughtUp>) {
        pauseMs = firstPauseMs;
        if (isBack) {
          isRefused = true;
          // Not before there is a subscription again, which breaks off where the server is replaced meanwhile.
          await onGap?.();
          isRefused = false;
          isBack = false;
        }
        if ('kind' in item) yield item;
        else if (item.event && isWanted(item.event)) {
          const event = recorded(item.event);
          position = item.event.position;
          yield { kind: 'event', event };
        }
        if (hasEnded()) return;
      }
    } catch (error) {
      if (isRefused) throw error;
      const reason = connection.asPortError(error);
      if (reason instanceof UnknownPositionError) {
        unknownSince ??= performance.now();
        if (performance.now() - unknownSince >= longestBehindMs) throw reason;
      } else if (!hasEnded() && !(reason instanceof EventStoreUnavailableError)) throw reason;
    } finally {
      signal.removeEventListener('abort', end);
      items?.unsubscribe().catch(() => undefined);
    }
    isBack = true;
    if (!hasEnded()) onLost?.();
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

/** One subscription of the server, until it breaks off. */
function begin(
  { client }: Connection,
  after: LogPosition | undefined,
  streamPrefixes: readonly string[] | undefined,
): AllStreamSubscription {
  const filter = streamPrefixes?.length
    ? streamNameFilter({ prefixes: [...streamPrefixes] })
    : streamNameFilter({ regex: '^[^$]' });
  const items = client.subscribeToAll({ fromPosition: after ?? START, filter });
  // It may still fail when nobody follows it any longer.
  items.on('error', () => undefined);
  // Behind the events that came before it, which the consumer may not have taken yet.
  items.on('caughtUp', () => items.push(caughtUp));
  return items;
}

/** A position of another log, or of this one before it was restored, would leave out events without a word. */
async function checkKnown(connection: Connection, after: LogPosition | undefined): Promise<void> {
  // Asked in any case, so that a server that hangs is noticed.
  const last = await lastPositionIn(connection);
  if (!after) return;
  const position = positionOf(after);
  if (!last || positionOf(last) < position) throw new UnknownPositionError(position);
}
