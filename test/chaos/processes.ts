import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { platform } from 'node:os';

/** A file that a process has open. */
export interface OpenFile {
  readonly pid: number;
  readonly path: string;
}

/** Where else nobody can look into processes like this. */
export const canSeeProcesses = platform() === 'linux';

/** Processes that were started with this in their environment, or by one of those. */
export function processesWith(variable: string): readonly number[] {
  return pids().filter((pid) =>
    attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8'), '').includes(`${variable}\0`),
  );
}

/** What processes other than this one have open in a folder. */
export function openFilesIn(folder: string): readonly OpenFile[] {
  return pids()
    .filter((pid) => pid !== process.pid)
    .flatMap((pid) =>
      attempt(() => readdirSync(`/proc/${pid}/fd`), [])
        .map((fd) => ({ pid, path: attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`), '') }))
        .filter(({ path }) => path.startsWith(`${folder}/`)),
    );
}

function pids(): readonly number[] {
  if (!canSeeProcesses) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Processes end while they are looked at, and those of others are closed. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
