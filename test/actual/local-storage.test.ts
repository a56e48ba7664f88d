import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { canMountDisks, fillUp, withDisk, withReadOnly } from '../support/small-disk.js';
import { tempFolders } from '../support/temp-folder.js';
import { failureOf, forever, OpenBudgets, startActual, type ActualFixture } from './actual-fixture.js';

const tempFolder = tempFolders();
const budgets = new OpenBudgets();

let actual: ActualFixture;
beforeAll(async () => {
  actual = await startActual(tempFolder);
});
afterEach(() => budgets.closeAll());
afterAll(() => actual.close());

const open = (folder: string) =>
  budgets.open({ url: actual.server.url, folder: path.join(folder, 'actual'), syncIds: [actual.syncId] });
const addOnDevice = async (notes = '') => {
  await actual.device.addTransactions('Checking', [{ date: '2025-02-01', amount: -1_00, notes }]);
  await actual.device.sync();
};

const full = {
  code: 'LOCAL_STORAGE',
  message: 'The disk that holds the local copy of the budget is full.',
  action: 'Make room on the disk of DATA_DIR, then retry.',
  retryable: false,
};
const notWritable = {
  code: 'LOCAL_STORAGE',
  message: 'The local copy of the budget cannot be written: this app may not write there.',
  action: 'Correct the permissions of DATA_DIR, then retry.',
  retryable: false,
};

describe.skipIf(!canMountDisks)('a disk of its own, which only who may mount disks can try:', () => {
  it('says that it is full, and syncs all as soon as there is room again', async () => {
    await withDisk('size=8m', async (disk) => {
      const opened = open(disk);
      await opened.sync(actual.syncId, forever);
      const makeRoom = fillUp(disk);
      await addOnDevice('a long story '.repeat(1_000));

      expect(await failureOf(opened.sync(actual.syncId, forever))).toMatchObject(full);

      makeRoom();
      expect(await opened.sync(actual.syncId, forever)).toMatchObject({ transactionsChanged: 1 });
      await opened.close();
    });
  });

  it('says that it is full where there is no room for a copy, and downloads as soon as there is', async () => {
    await withDisk('size=8m', async (disk) => {
      const littleRoom = path.join(disk, 'little-room');
      writeFileSync(littleRoom, Buffer.alloc(100 * 1024));
      const makeRoom = fillUp(disk);
      rmSync(littleRoom);
      const opened = open(disk);

      expect(await failureOf(opened.sync(actual.syncId, forever))).toMatchObject(full);

      makeRoom();
      expect(await opened.sync(actual.syncId, forever)).toMatchObject({ kind: 'SYNC' });
      await opened.close();
    });
  });

  it('says that it is full where there is no room at all', async () => {
    await withDisk('size=64k', async (disk) => {
      fillUp(disk);
      const opened = open(disk);
      expect(await failureOf(opened.sync(actual.syncId, forever))).toMatchObject(full);
      await opened.close();
    });
  });

  it('says that a copy cannot be written, held open or not, and goes on with it when it can', async () => {
    const folder = tempFolder();
    const opened = open(folder);
    await opened.sync(actual.syncId, forever);
    const [copy = ''] = readdirSync(path.join(folder, 'actual'));
    await addOnDevice();

    await withReadOnly(path.join(folder, 'actual', copy, 'copy'), async () => {
      expect(await failureOf(opened.sync(actual.syncId, forever))).toMatchObject(notWritable);
      expect(await failureOf(opened.sync(actual.syncId, forever))).toMatchObject(notWritable);
      await opened.close();
    });

    expect(await open(folder).sync(actual.syncId, forever)).toMatchObject({ transactionsChanged: 1 });
  });

  it('says that a copy cannot be written where nothing may be written', async () => {
    await withDisk('ro', async (disk) => {
      const opened = open(disk);
      expect(await failureOf(opened.sync(actual.syncId, forever))).toMatchObject(notWritable);
      await opened.close();
    });
  });
});
