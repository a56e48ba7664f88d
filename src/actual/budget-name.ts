import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ActualLog } from './actual-log.js';

/** The last known name of a budget, kept in its folder. */
export class BudgetName {
  readonly #folder: string;
  readonly #log: ActualLog;
  #name: string | undefined;

  constructor(folder: string, log: ActualLog) {
    this.#folder = folder;
    this.#log = log;
    this.#name = read(folder);
  }

  /** Undefined until somebody has said it. */
  get value(): string | undefined {
    return this.#name;
  }

  learn(name: string): void {
    if (name === this.#name || name === '') return;
    this.#name = name;
    const file = fileIn(this.#folder);
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, name);
      renameSync(`${file}.new`, file);
    } catch (error) {
      // It is known until the next start; whoever needs the folder more says what is wrong with it.
      this.#log.warn({ err: error }, 'The name of a budget could not be kept');
    }
  }
}

function read(folder: string): string | undefined {
  try {
    return readFileSync(fileIn(folder), 'utf8');
  } catch {
    // Nobody has said it yet.
    return undefined;
  }
}

const fileIn = (folder: string) => path.join(folder, 'name.txt');
