import type { Database, Statement } from 'better-sqlite3';
import { asUnavailable } from './storage-fault.js';

interface Write {
  readonly size: WriteSize;
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface WriteSize {
  readonly rows: number;
  readonly characters: number;
}

/** What one transaction takes, so that its first write does not wait long for its last one. */
const most: WriteSize = { rows: 500, characters: 4 * 1024 * 1024 };

/**
 * The writes of one turn of the event loop share a transaction, and so one wait for the disk. Each has a
 * savepoint of its own, so one that fails undoes only itself. Nobody is answered before the commit.
 */
export class GroupCommit {
  readonly #db: Database;
  readonly #onCommitted: () => void;
  readonly #statements: Record<
    'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'undo',
    Statement<[]>
  >;
  #waiting: Write[] = [];
  #isScheduled = false;

  constructor(db: Database, onCommitted: () => void) {
    this.#db = db;
    this.#onCommitted = onCommitted;
    this.#statements = {
      begin: db.prepare('BEGIN IMMEDIATE'),
      commit: db.prepare('COMMIT'),
      rollback: db.prepare('ROLLBACK'),
      savepoint: db.prepare('SAVEPOINT one_write'),
      release: db.prepare('RELEASE one_write'),
      undo: db.prepare('ROLLBACK TO one_write'),
    };
  }

  /**
   * Resolves with what `work` returned, or rejects with what it threw, once that is durable. `work` runs later.
   *
   * @throws EventStoreUnavailableError
   */
  write<Result>(size: WriteSize, work: () => Result): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ size, work, resolve: resolve as (result: unknown) => void, reject });
      this.#schedule();
    });
  }

  /** Commits all that waits, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#commitGroup();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#commitGroup();
      // The others get their turn first.
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #commitGroup(): void {
    const group = this.#takeGroup();
    if (group.length === 0) return;
    const { begin, commit } = this.#statements;
    try {
      begin.run();
      const answers = group.map((write) => this.#attempt(write));
      commit.run();
      for (const answer of answers) answer();
    } catch (error) {
      this.#abandon();
      const reason = asUnavailable(error);
      for (const { reject } of group) reject(reason);
      return;
    }
    this.#onCommitted();
  }

  #takeGroup(): readonly Write[] {
    let rows = 0;
    let characters = 0;
    let count = 0;
    for (const { size } of this.#waiting) {
      rows += size.rows;
      characters += size.characters;
      if (count > 0 && (rows > most.rows || characters > most.characters)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /** What to answer once it is durable. */
  #attempt({ work, resolve, reject }: Write): () => void {
    const { savepoint, release, undo } = this.#statements;
    savepoint.run();
    try {
      const result = work();
      release.run();
      return () => resolve(result);
    } catch (error) {
      // After some faults SQLite has undone the whole transaction by itself.
      if (!this.#db.inTransaction) throw error;
      undo.run();
      release.run();
      return () => reject(asUnavailable(error));
    }
  }

  #abandon(): void {
    if (!this.#db.inTransaction) return;
    try {
      this.#statements.rollback.run();
    } catch {
      // What was wrong with the storage is told by the error that led here.
    }
  }
}
