import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { household } from '../../src/demo/household.js';
import { answeringRows, contentOf, failing, OpenAiServer } from '../support/openai/openai-server.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
const entry = fileURLToPath(new URL('../../bench/suggestions/run.mjs', import.meta.url));
const header = 'date,payee,notes,amount_cents,account,category';

/** `npm run bench:suggestions -- …`: its status, and the rows of its table by household and method. */
async function bench(...args: readonly string[]) {
  return benchWith({}, ...args);
}

async function benchWith(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const run = promisify(execFile)(process.execPath, [entry, ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
  const { code, stdout, stderr } = await run.then(
    (output) => ({ code: 0, ...output }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
  const [, names = [], ...rows] = stdout
    .trim()
    .split('\n')
    .map((line) => line.split('|').slice(1, -1));
  const table = rows.map((cells) =>
    Object.fromEntries(names.map((name, index) => [name.trim(), cells[index]?.trim()])),
  );
  const row = (name: string, method: string) =>
    table.find((each) => each.household === name && each.method === method);
  return { status: code, stdout, stderr, table, row };
}

function folderWith(files: Readonly<Record<string, readonly string[]>>): string {
  const folder = tempFolder();
  for (const [name, rows] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), [header, ...rows, ''].join('\n'));
  }
  return folder;
}

/** One a day, from the first of March on. */
const daily = (rows: readonly string[]) =>
  rows.map((row, day) => `2026-03-${String(day + 1).padStart(2, '0')},${row}`);

describe('the benchmark of suggestions', () => {
  it('predicts the last 30 % of the rows, each from those of earlier dates', async () => {
    const shop = 'Shop,,-500,bank,Groceries';
    const rows = daily([
      shop,
      shop,
      shop,
      shop,
      shop,
      shop,
      'Rent,,-90000,bank,Home',
      shop,
      'New,,-700,bank,Home',
      shop,
    ]);
    const { status, row } = await bench(folderWith({ 'home.csv': rows }));

    expect(status).toBe(0);
    // Shop and Shop again are right, New is nobody's payee.
    expect(row('home', "the payee's last category")).toMatchObject({
      ...{ rows: '3', coverage: '66.7', precision: '100.0', accuracy: '66.7' },
    });
    expect(row('home', 'majority category')).toMatchObject({ coverage: '100.0', accuracy: '66.7' });
  });

  it('learns nothing of a day from the day itself', async () => {
    const day = Array.from({ length: 10 }, () => '2026-03-01,Shop,,-500,bank,Groceries');
    const { row } = await bench(folderWith({ 'home.csv': day }));

    expect(row('home', 'ours')).toMatchObject({ rows: '3', coverage: '0.0', accuracy: '0.0' });
  });

  it('takes several accounts for one household, and each for one, too', async () => {
    const rows = daily(
      Array.from({ length: 20 }, (_, n) => `Shop,,-500,${n % 2 ? 'hers' : 'his'},Groceries`),
    );
    const { table } = await bench(folderWith({ 'home.csv': rows }));

    expect(new Set(table.map((each) => each.household))).toEqual(
      new Set(['home', 'home / each account a household', 'home / hers', 'home / his']),
    );
  });

  it('knows the categories of a plausible household better than its payees alone tell', async () => {
    const { purchases } = household('2026-03-31', 7);
    const rows = purchases.flatMap(({ date, importedPayee, amount, account, category }) =>
      category === null ? [] : [`${date},${importedPayee},,${amount},${account},${category}`],
    );
    const { row } = await bench(folderWith({ 'demo.csv': rows }));

    const ours = row('demo', 'ours');
    const others = ['majority category', "the payee's last category"].map((method) => row('demo', method));
    for (const other of others) expect(Number(ours?.accuracy)).toBeGreaterThan(Number(other?.accuracy));
    expect(Number(ours?.sure)).toBeGreaterThan(0);
  });

  it('measures another span where one is named', async () => {
    const rows = daily(Array.from({ length: 10 }, () => 'Shop,,-500,bank,Groceries'));
    const { row } = await bench(folderWith({ 'home.csv': rows }), '--span', '30-70');

    expect(row('home', 'ours')).toMatchObject({ rows: '4' });
  });

  describe('where a model is configured', () => {
    let model: OpenAiServer;
    beforeAll(async () => {
      model = await OpenAiServer.start();
    });
    afterAll(() => model.stop());
    const withModel = (more: Readonly<Record<string, string>> = {}) => ({
      ...{ OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'test-model', ...more },
    });
    const rows = daily([
      ...Array.from({ length: 7 }, (_, n) =>
        n % 2 ? 'Shop,,-500,bank,Groceries' : 'Rent,,-90000,bank,Home',
      ),
      ...['Bakery,,-300,bank,Groceries', 'Landlord,,-80000,bank,Home', 'Unheard of,,-1,bank,Home'],
    ]);

    it('asks it about what history is not sure of, one day at a time, and says what that took', async () => {
      model.does(
        answeringRows(({ payee }) =>
          payee === 'Bakery' ? 'Groceries' : payee === 'Landlord' ? 'Home' : 'None of these',
        ),
      );
      const asked = model.asked.length;

      const { status, stdout, row } = await benchWith(withModel(), folderWith({ 'home.csv': rows }));

      expect(status).toBe(0);
      expect(row('home', 'ours with test-model')).toMatchObject({
        ...{ rows: '3', coverage: '66.7', precision: '100.0', accuracy: '66.7' },
      });
      const questions = model.asked.slice(asked).map((question) => contentOf(question));
      expect(questions.map((question) => question.rows.map(({ payee }) => payee))).toEqual([
        ['Bakery'],
        ['Landlord'],
        ['Unheard of'],
      ]);
      expect(questions[0]?.examples.map(({ payee }) => payee)).not.toContain('Landlord');
      expect(stdout).toContain('The model was asked 3 questions, which used 3000 tokens.');
    });

    it('tries again what may get better', async () => {
      model.does(answeringRows(() => 'Home'));
      model.doesOnce(failing(503));

      const { status, row } = await benchWith(withModel(), folderWith({ 'home.csv': rows }));

      expect(status).toBe(0);
      expect(row('home', 'ours with test-model')).toMatchObject({ accuracy: '66.7' });
    });

    it('stays below the cap of a day, and shows what it measured before', async () => {
      model.does(answeringRows(() => 'Home'));

      const { status, stdout, stderr, row } = await benchWith(
        withModel({ OPENAI_MAX_TOKENS_PER_DAY: '100', OPENAI_MAX_TOKENS_PER_JOB: '100' }),
        folderWith({ 'home.csv': rows }),
      );

      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^One question to the model may use \d+ tokens, more than a whole day may\. Raise /,
      );
      expect(row('home', 'ours')).toMatchObject({ rows: '3' });
      expect(stdout).toContain('The model was asked 0 questions, which used 0 tokens.');
    });

    it('says what is wrong with its configuration', async () => {
      const { status, stderr } = await benchWith(
        { OPENAI_BASE_URL: model.url },
        folderWith({ 'home.csv': rows }),
      );

      expect(status).toBe(1);
      expect(stderr).toContain('OPENAI_MODEL is required with OPENAI_BASE_URL');
    });
  });

  it.each([
    ['no folder', [], /^Say `npm run bench:suggestions -- FOLDER`/],
    ['a folder that is not there', ['/nowhere/at/all'], /no such file or directory/],
    ['a span that is none', ['.', '--span', '70-30'], /^Say /],
    ['an option that it does not have', ['.', '--all'], /^Say /],
  ])('says what it wants where it is given %s', async (_what, args, sentence) => {
    const { status, stderr } = await bench(...args);

    expect(status).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('names the row that it cannot read, and the column that is missing', async () => {
    const broken = folderWith({ 'home.csv': ['2026-03-01,Shop,,twelve,bank,Groceries'] });
    expect((await bench(broken)).stderr).toContain('home.csv:2: the date or the amount cannot be read');

    const other = tempFolder();
    writeFileSync(path.join(other, 'home.csv'), 'date,payee\n2026-03-01,Shop\n');
    expect((await bench(other)).stderr).toContain('no column notes, amount_cents, account, category');
  });
});
