import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bug } from './bugs.js';

export interface BrokenCopy {
  /** Of the server. */
  readonly entry: string;
  remove(): void;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A copy of what was built, with a bug in it. @throws RangeError as `withBug` */
export function brokenCopy(bug: Bug): BrokenCopy {
  const broken = withBug(bug);
  const folder = mkdtempSync(path.join(tmpdir(), 'actual-jobs-broken-'));
  cpSync(path.join(root, 'dist'), path.join(folder, 'dist'), {
    recursive: true,
    filter: (file) => !file.endsWith('.map'),
  });
  cpSync(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  writeFileSync(path.join(folder, 'dist', bug.file), broken);
  return {
    entry: path.join(folder, 'dist/src/main.js'),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/**
 * The file that has the bug, as it is then.
 *
 * @throws RangeError what is to be replaced does not stand there exactly once
 */
export function withBug({ name, file, find, replace }: Bug): string {
  const parts = readFileSync(path.join(root, 'dist', file), 'utf8').split(patternOf(find));
  if (parts.length === 2) return parts.join(replace);
  throw new RangeError(`${name}: ${file} holds what is to be replaced ${parts.length - 1} times, not once`);
}

function patternOf(text: string): RegExp {
  const lines = text.trim().split(/\s*\n\s*/);
  return new RegExp(lines.map((line) => line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s*\\n\\s*'));
}
