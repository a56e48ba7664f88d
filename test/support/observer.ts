import { ApiClient } from './api-client.js';
import { jobUpdates, type JobData } from './jobs-api.js';

/** Follows `jobUpdated` on a connection of its own, and keeps all that it saw. */
export class Observer {
  readonly seen: JobData[] = [];
  /** Resolves when the subscription has ended, with what ended it, if anything did. */
  readonly ended: Promise<unknown>;
  readonly #api: ApiClient;
  #arrived: () => void = () => undefined;
  #arrival = this.#nextArrival();

  constructor(url: string, args: Parameters<typeof jobUpdates>[1] = {}) {
    this.#api = new ApiClient(url);
    this.ended = this.#follow(args);
  }

  /** The latest that was seen of each job. */
  get latest(): ReadonlyMap<string, JobData> {
    return new Map(this.seen.map((job) => [job.id, job]));
  }

  /** Those that were seen already and those to come, until the subscription ends. */
  async *updates(): AsyncGenerator<JobData, void, undefined> {
    for (let index = 0; ; index++) {
      if (index === this.seen.length) await this.#arrival;
      const job = this.seen[index];
      if (!job) return;
      yield job;
    }
  }

  /** The first update that is as wanted. */
  async until(isWanted: (job: JobData) => boolean): Promise<JobData> {
    for await (const job of this.updates()) if (isWanted(job)) return job;
    throw new Error('The subscription ended before there was such an update');
  }

  /** As a cable that is pulled out. */
  cut(): void {
    this.#api.cut();
  }

  async close(): Promise<void> {
    await this.#api.close();
    await this.ended;
  }

  async #follow(args: Parameters<typeof jobUpdates>[1]): Promise<unknown> {
    try {
      for await (const job of jobUpdates(this.#api, args)) {
        this.seen.push(job);
        this.#announce();
      }
      return undefined;
    } catch (error) {
      return error;
    } finally {
      this.#arrived();
    }
  }

  #announce(): void {
    const arrived = this.#arrived;
    this.#arrival = this.#nextArrival();
    arrived();
  }

  #nextArrival(): Promise<void> {
    return new Promise((resolve) => (this.#arrived = resolve));
  }
}
