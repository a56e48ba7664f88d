import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Only the superuser may mount, and in a container not even that one: elsewhere such tests are skipped. */
export const canMountDisks = spawnSync('unshare', ['--mount', 'true']).status === 0;

/** A disk of its own, in memory, while it is used. `options` are those of tmpfs, such as `size=64k` or `ro`. */
export async function withDisk(options: string, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'actual-jobs-disk-'));
  mount('-t', 'tmpfs', '-o', options, 'tmpfs', folder);
  try {
    await use(folder);
  } finally {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  }
}

/** Nobody can write in the folder while it is used, except to files that are open already. */
export async function withReadOnly(folder: string, use: () => Promise<void>): Promise<void> {
  mount('--bind', folder, folder);
  try {
    mount('-o', 'remount,bind,ro', folder);
    await use();
  } finally {
    execFileSync('umount', [folder]);
  }
}

/** Leaves no room on a small disk; returns what makes room again. */
export function fillUp(folder: string): () => void {
  const filler = path.join(folder, 'filler');
  try {
    for (let mib = 0; mib < 64; mib++) appendFileSync(filler, Buffer.alloc(1024 * 1024));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return () => rmSync(filler);
    throw error;
  }
  throw new Error(`The disk of ${folder} is too large to be filled`);
}

const mount = (...args: readonly string[]) => execFileSync('mount', args);
