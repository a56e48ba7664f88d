// `npm run dashboard`: writes operations/grafana-dashboard.json anew; with --check it fails where that differs.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { grafanaDashboard } from '../operations/grafana-dashboard.mjs';

const file = fileURLToPath(new URL('../operations/grafana-dashboard.json', import.meta.url));
const options = { ...(await resolveConfig(file)), filepath: file };
const text = await format(JSON.stringify(grafanaDashboard()), options);
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error(
    'operations/grafana-dashboard.json is not what operations/grafana-dashboard.mjs makes: npm run dashboard',
  );
  process.exitCode = 1;
}
