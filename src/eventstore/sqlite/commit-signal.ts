/** Wakes whoever waits for the next commit, within this process: nobody has to poll. */
export class CommitSignal {
  readonly #waiting = new Set<() => void>();
  #commits = 0;
  #isClosed = false;

  /** How many commits there were; see `after`. */
  get commits(): number {
    return this.#commits;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Call it when what was written can be read. */
  announce(): void {
    this.#commits += 1;
    for (const wake of this.#waiting) wake();
  }

  close(): void {
    this.#isClosed = true;
    for (const wake of this.#waiting) wake();
  }

  /** Resolves once there were more commits than `seen`, when `signal` is aborted, or when there will be none. */
  async after(seen: number, signal: AbortSignal): Promise<void> {
    if (this.#commits > seen || this.#isClosed || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
