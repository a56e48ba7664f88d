import { cpSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runnerIdentityIn } from '../../src/runner-identity.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();

function newDataDir(): string {
  const folder = path.join(tempFolder(), 'data');
  mkdirSync(folder);
  return folder;
}

describe('the folder of a server', () => {
  it('is no copy, however often it is opened and wherever it is moved to', () => {
    const folder = newDataDir();
    const first = runnerIdentityIn(folder);
    expect(first.mayBeCopy).toBe(false);
    expect(runnerIdentityIn(folder)).toEqual(first);
    renameSync(folder, `${folder}-moved`);
    expect(runnerIdentityIn(`${folder}-moved`)).toEqual(first);
  });

  it('may be a copy where it was copied, however often it is opened', () => {
    const folder = newDataDir();
    const first = runnerIdentityIn(folder);
    cpSync(folder, `${folder}-copy`, { recursive: true, preserveTimestamps: true });
    for (let start = 0; start < 3; start++) {
      expect(runnerIdentityIn(`${folder}-copy`)).toEqual({ ...first, mayBeCopy: true });
    }
    expect(runnerIdentityIn(folder)).toEqual(first);
  });
});
