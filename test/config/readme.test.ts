import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configurationTable, withConfigurationTable } from '../../src/configuration-table.js';

it("the README's table of variables is the one that follows from the code: run `npm run readme` after a change", () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toBe(withConfigurationTable(readme, configurationTable()));
});
