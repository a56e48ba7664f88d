import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, it } from 'vitest';
import { tempFolders } from '../support/temp-folder.js';
import { canSeeProcesses, openFilesIn, processesWith } from './processes.js';

const tempFolder = tempFolders();

it.skipIf(!canSeeProcesses)(
  'finds a process by its environment, and what it has open, until it is gone',
  async () => {
    const folder = tempFolder();
    const script =
      "fs.openSync(process.argv[1], 'w'); console.log('open'); setInterval(() => undefined, 1000)";
    const file = path.join(folder, 'file');
    const child = spawn(process.execPath, ['-e', script, file], { env: { MARK: folder } });
    await once(child.stdout, 'data');

    expect(processesWith(`MARK=${folder}`)).toEqual([child.pid]);
    expect(processesWith(`MARK=${folder.slice(0, -1)}`)).toEqual([]);
    expect(openFilesIn(folder)).toEqual([{ pid: child.pid, path: file }]);

    child.kill('SIGKILL');
    await once(child, 'close');
    expect(processesWith(`MARK=${folder}`)).toEqual([]);
    expect(openFilesIn(folder)).toEqual([]);
  },
);
