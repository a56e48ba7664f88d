interface Part {
  close(): void | Promise<void>;
}

/** What has been started, to be ended in the opposite order. */
export class StartedParts {
  readonly #parts: Part[] = [];

  add<T extends Part>(part: T): T {
    this.#parts.push(part);
    return part;
  }

  /** Ends them all, also where one fails to end. Harmless when repeated. */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (let part = this.#parts.pop(); part; part = this.#parts.pop()) {
      try {
        await part.close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'Some parts did not end cleanly');
  }
}
