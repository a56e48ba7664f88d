import type { Position } from '../src/eventstore/event-store.js';
import type { JobReader, JobView } from './job-reader.js';

export interface UpdatesRequest {
  readonly ownerId: string;
  /** Only this job, beginning with its present state. */
  readonly jobId?: string | undefined;
  readonly types?: readonly string[] | undefined;
  /** Begin with every job that changed after this position, in order. */
  readonly after?: Position | undefined;
}

/** Told of what becomes of updates. Must not throw. */
export interface UpdatesObserver {
  /** A subscriber took an update. */
  delivered(): void;
  /** It stood for so many earlier ones of the same job, which the subscriber had not taken in time. */
  conflated(updates: number): void;
}

const unobserved: UpdatesObserver = { delivered: () => undefined, conflated: () => undefined };

/**
 * The hub: tells subscribers which jobs changed. What waits for a subscriber is a set of job ids, in the order
 * of their last change; the state is read when it is fetched. So a slow one gets fewer updates, never a wrong
 * last one, and costs no more memory than there are jobs.
 */
export class JobUpdates {
  readonly #reader: JobReader;
  readonly #observer: UpdatesObserver;
  /** By owner: what becomes of one user's jobs costs nothing for the subscribers of all others. */
  readonly #subscribers = new Map<string, Set<Subscriber>>();

  constructor(reader: JobReader, observer = unobserved) {
    this.#reader = reader;
    this.#observer = observer;
  }

  get subscriberCount(): number {
    return [...this.#subscribers.values()].reduce((count, { size }) => count + size, 0);
  }

  /** To be called as soon as queries show the change. */
  publish(jobIds: readonly string[]): void {
    if (this.#subscribers.size === 0) return;
    for (const id of jobIds) {
      // Once for all who wait for it.
      const view = this.#reader.jobOfAnyone(id);
      const ofOwner = view && this.#subscribers.get(view.ownerId);
      for (const subscriber of ofOwner ?? []) subscriber.push([id], () => view);
    }
  }

  subscribe(request: UpdatesRequest): AsyncIterableIterator<JobView> {
    const subscriber = new Subscriber(
      request,
      (id) => this.#reader.jobOfAnyone(id),
      this.#observer,
      () => this.#remove(request.ownerId, subscriber),
    );
    const ofOwner = this.#subscribers.get(request.ownerId);
    if (ofOwner) ofOwner.add(subscriber);
    else this.#subscribers.set(request.ownerId, new Set([subscriber]));
    subscriber.push(this.#first(request));
    return subscriber;
  }

  #remove(ownerId: string, subscriber: Subscriber): void {
    const ofOwner = this.#subscribers.get(ownerId);
    ofOwner?.delete(subscriber);
    if (ofOwner?.size === 0) this.#subscribers.delete(ownerId);
  }

  #first({ ownerId, jobId, types, after }: UpdatesRequest): readonly string[] {
    if (after !== undefined) {
      return this.#reader
        .changedSince(ownerId, after, types)
        .filter((each) => jobId === undefined || each === jobId);
    }
    return jobId === undefined ? [] : [jobId];
  }
}

/** The state of a job, whoever owns it; null where there is none. */
type ViewOf = (jobId: string) => JobView | null;

function matching(id: string, { ownerId, jobId, types }: UpdatesRequest, viewOf: ViewOf): JobView | null {
  if (jobId !== undefined && id !== jobId) return null;
  const view = viewOf(id);
  return view?.ownerId === ownerId && (!types?.length || types.includes(view.type)) ? view : null;
}

/**
 * Written by hand rather than as an `async function*`: one of those that waits for what never comes can't be
 * ended from outside.
 */
class Subscriber implements AsyncIterableIterator<JobView> {
  readonly #request: UpdatesRequest;
  readonly #viewOf: ViewOf;
  readonly #observer: UpdatesObserver;
  readonly #onEnd: () => void;
  /** By job, in the order of their last change: how many earlier changes the update stands for. */
  readonly #pending = new Map<string, number>();
  #waiting: ((result: IteratorResult<JobView, undefined>) => void)[] = [];
  #hasEnded = false;

  constructor(request: UpdatesRequest, viewOf: ViewOf, observer: UpdatesObserver, onEnd: () => void) {
    this.#request = request;
    this.#viewOf = viewOf;
    this.#observer = observer;
    this.#onEnd = onEnd;
  }

  push(jobIds: readonly string[], viewOf = this.#viewOf): void {
    for (const jobId of jobIds) {
      // Last changed comes last, so that positions only ever grow.
      const missed = this.#pending.get(jobId);
      this.#pending.delete(jobId);
      this.#pending.set(jobId, missed === undefined ? 0 : missed + 1);
    }
    while (this.#waiting.length > 0) {
      const view = this.#take(viewOf);
      if (!view) return;
      this.#waiting.shift()?.({ done: false, value: view });
    }
  }

  next(): Promise<IteratorResult<JobView, undefined>> {
    if (this.#hasEnded) return Promise.resolve({ done: true, value: undefined });
    const view = this.#take(this.#viewOf);
    if (view) return Promise.resolve({ done: false, value: view });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<JobView, undefined>> {
    this.#hasEnded = true;
    this.#pending.clear();
    this.#onEnd();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(viewOf: ViewOf): JobView | null {
    for (const [jobId, missed] of this.#pending) {
      this.#pending.delete(jobId);
      const view = matching(jobId, this.#request, viewOf);
      if (!view) continue;
      this.#observer.delivered();
      if (missed > 0) this.#observer.conflated(missed);
      return view;
    }
    return null;
  }
}
