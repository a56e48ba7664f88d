import { cpSync, renameSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataDir } from '../../src/data-dir.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();

/** What it says when it is opened, as by a server that starts. */
function opened(folder: string) {
  const dataDir = openDataDir(folder);
  dataDir.close();
  const { runnerId, mayBeCopy } = dataDir;
  return { runnerId, mayBeCopy };
}

describe('the folder of a server', () => {
  it('is no copy, however often it is opened and wherever it is moved to', () => {
    const folder = path.join(tempFolder(), 'data');
    const first = opened(folder);
    expect(first.mayBeCopy).toBe(false);
    expect(opened(folder)).toEqual(first);
    renameSync(folder, `${folder}-moved`);
    expect(opened(`${folder}-moved`)).toEqual(first);
  });

  it('may be a copy where it was copied, however often it is opened', () => {
    const folder = path.join(tempFolder(), 'data');
    const first = opened(folder);
    cpSync(folder, `${folder}-copy`, { recursive: true, preserveTimestamps: true });
    for (let start = 0; start < 3; start++) {
      expect(opened(`${folder}-copy`)).toEqual({ ...first, mayBeCopy: true });
    }
    expect(opened(folder)).toEqual(first);
  });
});
