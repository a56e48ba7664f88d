// `npm run chaos -- --kills N --store sqlite|eventstoredb --seed S [--servers 1|2]`: kills servers at work and looks into
// their log for what must never be. The same seed makes the same plan; what comes of it also depends on the machine.
// With `--jobs N` it goes on until a crowd of users has made so many jobs, in longer lives.
// `--bugs` does so to copies of the server with a bug in each, which has to be caught within so many kills.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const usage =
  'Say `npm run chaos -- --kills N --store sqlite|eventstoredb --seed S [--servers 1|2] [--jobs N]`, or with `--bugs` instead of a store.';
const options = {
  jobs: { type: 'string', default: '0' },
  kills: { type: 'string', default: '50' },
  store: { type: 'string', default: 'sqlite' },
  seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
  servers: { type: 'string', default: '1' },
  bugs: { type: 'boolean', default: false },
};

const values = parsed();
const isRight =
  values &&
  [values.kills, values.jobs, values.seed].every((text) => /^\d+$/.test(text)) &&
  Number(values.kills) > 0 &&
  ['sqlite', 'eventstoredb'].includes(values.store) &&
  (values.servers === '1' || (values.servers === '2' && values.store === 'eventstoredb'));
if (!isRight) {
  console.error(`${usage} Two servers need eventstoredb.`);
  process.exit(1);
}

const root = fileURLToPath(new URL('..', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [
    `${root}node_modules/vitest/vitest.mjs`,
    'run',
    '--project',
    'chaos',
    values.bugs ? 'what-is-broken' : 'nothing-is-lost',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      CHAOS_JOBS: values.jobs,
      CHAOS_KILLS: values.kills,
      CHAOS_STORE: values.store,
      CHAOS_SEED: values.seed,
      CHAOS_SERVERS: values.servers,
    },
  },
);
process.exitCode = status ?? 1;

function parsed() {
  try {
    return parseArgs({ options }).values;
  } catch {
    return undefined;
  }
}
