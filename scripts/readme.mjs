// `npm run readme`: writes the README's table of variables anew; a test fails where it differs.
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from './build.mjs';

await build();
const { configurationTable, withConfigurationTable } = await import('../dist/src/configuration-table.js');
const file = new URL('../README.md', import.meta.url);
writeFileSync(file, withConfigurationTable(readFileSync(file, 'utf8'), configurationTable()));
