import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startDemo, type Demo } from '../../src/demo/demo.js';
import { household } from '../../src/demo/household.js';
import { tempFolders } from '../support/temp-folder.js';
import { openHousehold, type HouseholdClient } from './household-client.js';
import { RecordingLog } from './recording-log.js';

const tempFolder = tempFolders();
const folder = path.join(tempFolder(), 'demo');
const stateFile = path.join(folder, 'demo.json');
const NEVER_MS = 2 ** 31 - 1;

const log = new RecordingLog();
const start = (intervalMs = NEVER_MS) =>
  startDemo({ folder, intervalMs, log, now: () => new Date(2025, 10, 24, 12) });

let demo: Demo;
let client: HouseholdClient | undefined;
beforeAll(async () => {
  demo = await start();
});
afterEach(async () => {
  await client?.close();
  client = undefined;
});
afterAll(async () => {
  await demo.close();
  expect([...log.warnings, ...log.errors]).toEqual([]);
});

const open = async () => (client = await openHousehold(demo, tempFolder()));
const restart = async (intervalMs?: number) => {
  await demo.close();
  demo = await start(intervalMs);
};
const asNumber = (date: string) => Number(date.replaceAll('-', ''));
const connection = ({ url, password, syncIds }: Demo) => ({ url, password, syncIds });

it("has a household's budget on a real server", async () => {
  const { accounts, categoryGroups, rows } = await open();
  const { since, purchases, transfers } = household('2025-11-24', 1);

  expect((await accounts()).map(({ name }) => name)).toEqual(['Current Account', 'Credit Card', 'Savings']);
  const groups = (await categoryGroups()).filter(({ is_income }) => !is_income);
  expect(groups.map(({ name }) => name)).toEqual(['Home', 'Everyday', 'Fun', 'Family']);
  expect(groups.flatMap(({ categories = [] }) => categories.map(({ name }) => name))).toHaveLength(16);

  const all = rows();
  const starts = all.filter((row) => row.isStart);
  expect(starts.map(({ date }) => date)).toEqual([asNumber(since), asNumber(since), asNumber(since)]);
  const moved = all.filter((row) => row.transferId !== null);
  expect(moved).toHaveLength(2 * transfers.length);
  expect(moved.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);

  const plain = all.filter((row) => !row.isStart && !row.transferId && !row.isChild);
  const asWritten = plain.map((row) => [row.date, row.account, row.amount, row.importedPayee].join());
  const asPlanned = purchases.map((one) =>
    [asNumber(one.date), one.account, one.amount, one.importedPayee].join(),
  );
  expect(asWritten.sort()).toEqual(asPlanned.sort());
  expect(plain.filter((row) => row.category === null && !row.isParent)).toHaveLength(
    purchases.filter(({ category, parts }) => category === null && parts.length === 0).length,
  );
  expect(all.filter((row) => row.isChild && row.category === null)).toEqual([]);
});

it('is the same after a restart: address, password, budget, rows', async () => {
  const before = connection(demo);
  const rowsBefore = (await open()).rows();
  await client?.close();

  await restart();

  expect(connection(demo)).toEqual(before);
  const { rows, budgets } = await open();
  expect(rows()).toEqual(rowsBefore);
  expect((await budgets()).filter(({ state }) => state === 'remote')).toHaveLength(1);
});

it('tells each sync of a client something new', async () => {
  await restart(1);
  const { rows, sync } = await open();
  for (let news = 0; news < 3; news++) {
    const known = rows().length;
    const synced = async () => {
      await sync();
      return rows().length;
    };
    await expect.poll(synced, { timeout: 20_000, interval: 200 }).toBeGreaterThan(known);
  }
});

it('keeps its password and its folder from others', () => {
  expect(demo.password.length).toBeGreaterThan(20);
  expect(readFileSync(stateFile, 'utf8')).toContain(demo.password);
  expect(statSync(stateFile).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it.each([
  ['what it would be found by is damaged', () => writeFileSync(stateFile, '{"version":1,')],
  ["its server's data are gone", () => rmSync(path.join(folder, 'server'), { recursive: true })],
])('begins with a new one where %s', async (_what, damage) => {
  const before = connection(demo);
  await demo.close();
  damage();

  demo = await start();

  expect(demo.password).not.toBe(before.password);
  const { budgets, rows } = await open();
  expect((await budgets()).filter(({ state }) => state === 'remote')).toHaveLength(1);
  expect(rows().length).toBeGreaterThan(560);
});
