import { renameSync, writeFileSync } from 'node:fs';

/** Whole or not at all, for this user alone. */
export function kept(file: string, text: string): string {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return text;
}
