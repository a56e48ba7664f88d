import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../dist/src/backup-command.js', import.meta.url));

/** `npm run backup` or `npm run restore` as it is built, in a process of its own. */
export function runBackupCommand(
  args: readonly string[],
  { dataDir, env = {} }: { readonly dataDir: string; readonly env?: Readonly<Record<string, string>> },
): { readonly status: number | null; readonly output: string } {
  const { PATH = '', HOME = '' } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], {
    // Without a .env file.
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { PATH, HOME, DATA_DIR: dataDir, ...env },
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}
