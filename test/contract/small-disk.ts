import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('small-disk-main.mjs', import.meta.url));

/** Runs `small-disk-main.mjs` with a disk of 1 MiB mounted on the folder, which only that process sees. */
export async function runOnSmallDisk(
  mode: 'open' | 'open again' | 'append',
  folder: string,
): Promise<{ readonly folder: string; readonly output: string }> {
  const mountAndRun = 'mount -t tmpfs -o size=1m none "$3" && exec "$0" "$1" "$2" "$3"';
  const args = ['-rm', 'sh', '-c', mountAndRun, process.execPath, script, mode, folder];
  const { stdout } = await promisify(execFile)('unshare', args);
  return { folder, output: stdout };
}
