import type { Client as LiveSocket } from 'graphql-ws';
import type { Client } from 'urql';
import { errorSentence } from '../api/error-sentence.js';
import { isSameFilter, toInput, type JobFilter } from '../api/job-filter.js';
import { jobPageQuery, startingPointQuery } from '../api/job-page.js';
import { jobUpdatesSubscription, type JobUpdate } from '../api/job-updates.js';
import type { Budget, Job } from '../api/job.js';
import { keptToken } from '../sign-in/kept-token.js';
import { refusalIn, type Refusal } from '../sign-in/refusal.js';
import type { Connection } from './connection.js';
import { goneJobs } from './gone-jobs.js';
import { reconnectDelayMs } from './reconnect-delay.js';
import { extended, listed, unloaded, type JobList } from './job-list.js';
import { lastChanged, withJobs, withoutJob, type KnownJobs } from './known-jobs.js';

export interface FeedState {
  readonly connection: Connection;
  /** Until when what is shown was known to be true; null while it is, and before it ever was. */
  readonly lastLiveAt: string | null;
  readonly budgets: readonly Budget[];
  readonly jobs: KnownJobs;
  readonly list: JobList;
  /** Who the server takes the user for, where they have signed in here. */
  readonly viewerId: string | null;
  /** The server does not know who asks, so there is nothing to show. */
  readonly refusal: Refusal | null;
  /** Why jobs could not be loaded, in the server's words. */
  readonly problem: string | null;
}

const pageSize = 20;
const maxPageSize = 100;
/** What comes within so many milliseconds is drawn at once: a flood, drawn one by one, would hold up everything else. */
const drawEveryMs = 16;

/**
 * What the page knows of the jobs, kept up to date: loads, then follows `jobUpdated` from the greatest position
 * seen, and begins again whenever the connection is lost. Updates are followed whatever the filter, so that
 * the positions have no gap and a filter needs no subscription of its own.
 */
export class JobFeed {
  readonly #client: Client;
  readonly #socket: LiveSocket;
  readonly #listeners = new Set<() => void>();
  #state: FeedState;
  #reconnectNow: () => void = () => undefined;
  /** The position up to which no update was missed; null where the list is to be loaded anew. */
  #seenUpTo: string | null = null;
  /** Updates that are not drawn yet; where they never are, they come again. */
  #arrived: Job[] = [];

  constructor(client: Client, socket: LiveSocket, filter: JobFilter) {
    this.#client = client;
    this.#socket = socket;
    this.#state = {
      connection: 'RECONNECTING',
      lastLiveAt: null,
      budgets: [],
      jobs: new Map(),
      list: unloaded(filter),
      viewerId: null,
      refusal: null,
      problem: null,
    };
  }

  /** For as long as the page is open. */
  async start(): Promise<never> {
    // The browser only guesses what a change of networks means for a connection: connecting anew tells.
    for (const change of ['online', 'offline']) window.addEventListener(change, () => this.#connectAnew());
    keptToken.onChange(() => this.#beginAnew());
    let failures = 0;
    this.#socket.on('connected', () => {
      failures = 0;
      this.#set({ connection: 'LIVE', lastLiveAt: null, problem: null });
    });
    while (true) {
      const after = await this.#load();
      if (after !== null) await this.#follow(after);
      this.#socket.terminate();
      const canConnect = navigator.onLine && this.#state.refusal === null;
      const wasLive = this.#state.connection === 'LIVE';
      this.#set({
        connection: canConnect ? 'RECONNECTING' : 'OFFLINE',
        ...(wasLive && { lastLiveAt: new Date().toISOString() }),
      });
      // Where a token is wanted, asking again without one is in vain.
      await this.#pause(this.#state.refusal?.wantsToken ? null : reconnectDelayMs(failures++));
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): FeedState => this.#state;

  /** Takes in what was learned in another way, such as from the answer to a mutation. */
  learn(jobs: readonly Job[]): void {
    const known = withJobs(this.#state.jobs, jobs);
    if (known !== this.#state.jobs) this.#set({ jobs: known });
  }

  /** Forgets a job that the server no longer keeps. */
  forget(jobId: string): void {
    this.#set({ jobs: withoutJob(this.#state.jobs, jobId) });
  }

  signIn(token: string): void {
    keptToken.keep(token);
    this.#beginAnew();
  }

  signOut(): void {
    keptToken.forget();
    this.#beginAnew();
  }

  async filterBy(filter: JobFilter): Promise<void> {
    if (isSameFilter(filter, this.#state.list.filter)) return;
    this.#set({ list: unloaded(filter) });
    await this.loadOlder();
  }

  /** The next page of the list. */
  async loadOlder(): Promise<void> {
    const { list } = this.#state;
    const { data, error } = await this.#client
      .query(jobPageQuery, {
        filter: toInput(list.filter),
        // Who wants more than is seen at first wants to get far.
        first: list.isLoaded ? maxPageSize : pageSize,
        after: list.endCursor,
      })
      .toPromise();
    // Another filter was chosen meanwhile, or the list was loaded anew.
    if (this.#state.list !== list) return;
    if (!data) {
      this.#set({ problem: error ? errorSentence(error) : null });
      return;
    }
    this.#set({
      jobs: withJobs(this.#state.jobs, data.jobs.nodes),
      list: extended(list, data.jobs),
      problem: null,
    });
  }

  /** From which position on updates are wanted; null where it did not work. */
  async #load(): Promise<string | null> {
    const { list, jobs } = this.#state;
    const lastSeen = lastChanged(jobs);
    const token = keptToken.get();
    const { data, error } = await this.#client
      .query(startingPointQuery, {
        filter: toInput(list.filter),
        first: Math.min(Math.max(listed(list, jobs).length, pageSize), maxPageSize),
        lastSeenId: lastSeen?.id ?? '',
      })
      .toPromise();
    // Somebody else asks by now.
    if (keptToken.get() !== token) return null;
    if (!data) {
      const refusal = refusalIn(error) ?? this.#state.refusal;
      this.#set({ refusal, problem: error?.graphQLErrors.length ? errorSentence(error) : null });
      return null;
    }
    // Where even the job that changed last is gone, this is not the store that the positions came from.
    let known = data.lastSeen ? this.#state.jobs : new Map<string, Job>();
    // A server that has not yet read what was seen elsewhere does not miss jobs because they are gone.
    if (lastSeen && data.lastSeen && data.lastSeen.position >= lastSeen.position)
      known = goneJobs(jobs, list.filter, data.jobs).reduce(withoutJob, known);
    const isStillWanted = this.#state.list.filter === list.filter;
    // A list that was loaded already stays as long as it is: the updates tell all that changed in it.
    const goesOn = this.#seenUpTo !== null && data.lastSeen !== null && list.isLoaded;
    this.#set({
      viewerId: keptToken.get() === null ? null : data.viewer.id,
      refusal: null,
      budgets: data.budgets,
      jobs: withJobs(known, [...data.jobs.nodes, ...data.active.nodes]),
      ...(isStillWanted && !goesOn && { list: extended(list, data.jobs) }),
      problem: null,
    });
    // Less than every position where none was seen. What else is known by now, as from a mutation, may be ahead of updates to come.
    if (!goesOn) this.#seenUpTo = lastChanged(this.#state.jobs)?.position ?? '';
    return this.#seenUpTo;
  }

  /** Resolves when there will be no more updates. */
  #follow(after: string): Promise<void> {
    return new Promise((resolve) => {
      let drawing: ReturnType<typeof setTimeout> | undefined;
      const draw = () => {
        drawing = undefined;
        const jobs = this.#arrived.splice(0);
        this.learn(jobs);
        this.#seenUpTo = jobs.at(-1)?.position ?? this.#seenUpTo;
      };
      const end = () => {
        clearTimeout(drawing);
        this.#arrived = [];
        resolve();
      };
      this.#socket.subscribe<JobUpdate>(
        {
          query: jobUpdatesSubscription,
          variables: { after },
        },
        {
          next: ({ data, errors }) => {
            if (data) {
              this.#arrived.push(data.jobUpdated);
              drawing ??= setTimeout(draw, drawEveryMs);
              return;
            }
            // The log was restored from an older copy: what was seen of later is no longer so.
            if (errors?.[0]?.extensions?.code === 'INVALID_INPUT') this.#forgetAll();
            // An update that the server could not put together is not passed over: begin again.
            end();
          },
          error: end,
          complete: end,
        },
      );
    });
  }

  #forgetAll(): void {
    this.#arrived = [];
    this.#seenUpTo = null;
    this.#set({ jobs: new Map(), list: unloaded(this.#state.list.filter) });
  }

  /** @param ms null: until there is a reason to go on */
  #pause(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      this.#reconnectNow = resolve;
      if (ms !== null) setTimeout(resolve, ms);
    });
  }

  /** Somebody else may ask from now on, and sees other jobs. */
  #beginAnew(): void {
    this.#forgetAll();
    this.#connectAnew();
  }

  #connectAnew(): void {
    this.#socket.terminate();
    this.#reconnectNow();
  }

  #set(change: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
