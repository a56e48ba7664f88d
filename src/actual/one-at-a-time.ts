import { unlessAborted } from './unless-aborted.js';

/** Lets one piece of work run at a time, in order of arrival. */
export class OneAtATime {
  #last: Promise<void> = Promise.resolve();

  /** Rejects with the signal's reason where it is aborted before the turn comes; then `work` is never called. */
  async run<T>(waiting: AbortSignal, work: () => Promise<T>): Promise<T> {
    const turn = this.#last;
    let leave: () => void = () => undefined;
    const left = new Promise<void>((resolve) => (leave = resolve));
    this.#last = turn.then(() => left);
    try {
      await unlessAborted(turn, waiting);
      return await work();
    } finally {
      leave();
    }
  }
}
