import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const savedSchema = z.object({ upTo: z.number().int().min(0) });

/**
 * Which of the changes that came from the server are in a result that was reported. It is kept on disk: a sync
 * that was killed after it had applied changes, or whose result was lost, leaves them to the next result.
 */
export class ReportedChanges {
  /** Where transactions that were moved since the last report had been, by their id. */
  readonly movedFrom = new Map<string, string>();
  readonly #file: string;
  #upTo = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Id of the last row of `messages_crdt` that was reported. */
  get upTo(): number {
    return this.#upTo;
  }

  /** Goes on where an earlier process has stopped. */
  resume(lastMessage: number): void {
    this.#upTo = Math.min(this.#saved() ?? lastMessage, lastMessage);
  }

  /** All up to this one is reported, or was there before anything could be. */
  report(lastMessage: number): void {
    this.movedFrom.clear();
    this.#upTo = lastMessage;
    if (this.#saved() === lastMessage) return;
    const text = JSON.stringify({ upTo: lastMessage } satisfies z.infer<typeof savedSchema>);
    writeFileSync(`${this.#file}.new`, text);
    renameSync(`${this.#file}.new`, this.#file);
  }

  #saved(): number | undefined {
    try {
      return savedSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8'))).upTo;
    } catch {
      // There is none yet, or nothing that could be used: what there is counts as reported.
      return undefined;
    }
  }
}
