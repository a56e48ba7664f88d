import type {
  EventStore,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionItem,
} from '../../src/eventstore/event-store.js';

export interface Follower {
  /** What has been delivered so far. */
  readonly items: readonly SubscriptionItem[];
  readonly events: readonly RecordedEvent[];
  /** Resolves as soon as what was delivered fulfils the condition; rejects when the subscription ends before. */
  until(isFulfilled: (follower: Follower) => boolean): Promise<void>;
  /** Resolves when the subscription has ended by itself, rejects with its error. */
  readonly ended: Promise<void>;
  /** Aborts it; resolves when it has ended. */
  stop(): Promise<void>;
}

export interface FollowOptions extends Omit<SubscribeOptions, 'signal'> {
  /** The consumer's work; the next item is asked for when it is done. */
  readonly onItem?: (item: SubscriptionItem) => Promise<void>;
}

/** Consumes a subscription in the background. */
export function follow(store: EventStore, { onItem, ...options }: FollowOptions): Follower {
  const stopping = new AbortController();
  const items: SubscriptionItem[] = [];
  const checks = new Set<() => void>();

  const consume = async () => {
    for await (const item of store.subscribe({ ...options, signal: stopping.signal })) {
      items.push(item);
      for (const check of checks) check();
      await onItem?.(item);
    }
  };
  const ended = consume();
  // Whoever waits for something hears of it.
  ended.catch(() => undefined);

  const follower: Follower = {
    items,
    get events() {
      return items.flatMap((item) => (item.kind === 'event' ? [item.event] : []));
    },
    until: async (isFulfilled) => {
      const fulfilled = new Promise<void>((resolve) => {
        const check = () => {
          if (isFulfilled(follower)) resolve();
        };
        checks.add(check);
        check();
      });
      const endedBefore = ended.then(() => {
        if (!isFulfilled(follower)) throw new Error('The subscription ended before');
      });
      await Promise.race([fulfilled, endedBefore]);
    },
    ended,
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
  return follower;
}

export const isCaughtUp = ({ items }: Follower): boolean => items.some(({ kind }) => kind === 'caught-up');

/** Whether the event with this position has been delivered. */
export const hasSeen =
  (position: string) =>
  ({ items }: Follower): boolean =>
    items.some((item) => item.kind === 'event' && item.event.position === position);
