import { rm } from 'node:fs/promises';
import type { DemoLog } from './demo-log.js';
import { localDay } from './local-day.js';
import { onOtherDevice } from './on-other-device.js';

export interface OtherDeviceOptions {
  readonly serverUrl: string;
  readonly password: string;
  readonly syncId: string;
  /** Of its copy of the budget. */
  readonly folder: string;
  readonly intervalMs: number;
  /** How often it adds something while no other client syncs; 20 by default. */
  readonly mostUnseen?: number;
  readonly now: () => Date;
  readonly log: DemoLog;
}

/** So that there is news for whoever looks at the demo for the first time; not at once, because the app is starting. */
const FIRST_AFTER_MS = 1_500;
/** A demo that nobody looks at must not grow for ever. */
const MOST_UNSEEN = 20;

/** A second client of the household's budget, which adds some purchases now and then. */
export class OtherDevice {
  readonly #options: OtherDeviceOptions;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #run: Promise<void> | undefined;
  /** How often it has added something since another client has synced. */
  #unseen = 0;

  constructor(options: OtherDeviceOptions) {
    this.#options = options;
    this.#wait(Math.min(FIRST_AFTER_MS, options.intervalMs));
  }

  /** To be called when a client begins to sync. While this one works, it is probably this one. */
  clientSyncs(): void {
    if (!this.#run) this.#unseen = 0;
  }

  /** Resolves when nothing of it runs any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#run;
  }

  #wait(ms: number): void {
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#run = this.#addPurchases().finally(() => {
        this.#run = undefined;
        this.#wait(this.#options.intervalMs);
      });
    }, ms);
  }

  async #addPurchases(): Promise<void> {
    const { serverUrl, password, syncId, folder, mostUnseen = MOST_UNSEEN, now, log } = this.#options;
    const time = now();
    if (this.#unseen >= mostUnseen) return;
    try {
      const work = { kind: 'add-purchases', syncId } as const;
      const task = { serverUrl, password, folder, today: localDay(time), seed: time.getTime(), work };
      await onOtherDevice(task, log, this.#stop.signal);
      this.#unseen++;
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      log.warn({ err: error }, 'The other device of the demo could not add anything; it tries again');
      // Whatever is wrong with its copy, the next one is downloaded. Nobody misses what was not sent.
      await rm(folder, { recursive: true, force: true });
    }
  }
}
