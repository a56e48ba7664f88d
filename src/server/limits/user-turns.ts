/**
 * Lets one request of each user begin in each turn of the event loop. Whoever asks for very much at once waits for
 * themselves; whoever asks for one thing is answered next, and not behind all of it.
 */
export class UserTurns {
  /** Who has begun one in this turn, with what begins in the next ones, in the order in which it came. */
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Resolves when a request of this user may begin. */
  next(user: string): Promise<void> {
    if (this.#waiting.size === 0) this.#endTurnLater();
    const waiting = this.#waiting.get(user);
    if (waiting) return new Promise((resolve) => waiting.push(resolve));
    this.#waiting.set(user, []);
    return Promise.resolve();
  }

  #endTurnLater(): void {
    setImmediate(() => this.#endTurn());
  }

  #endTurn(): void {
    for (const [user, waiting] of this.#waiting) {
      const begin = waiting.shift();
      if (begin) begin();
      else this.#waiting.delete(user);
    }
    if (this.#waiting.size > 0) this.#endTurnLater();
  }
}
