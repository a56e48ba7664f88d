// `npm run bench`: runs every benchmark of bench/, or those that are named: `npm run bench append`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../bench/', import.meta.url));
const wanted = process.argv.slice(2);
const all = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.replace('.bench.mjs', ''));

for (const name of wanted.length > 0 ? wanted : all) {
  if (!all.includes(name)) {
    console.error(`There is no benchmark ${name}; there are: ${all.join(', ')}.`);
    process.exit(1);
  }
  console.log(`\n# ${name}`);
  const { status } = spawnSync(process.execPath, [`${folder}${name}.bench.mjs`], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
