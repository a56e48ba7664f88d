import { expect, it } from 'vitest';
import { chaos } from '../chaos.js';
import { toldOf } from '../tell.js';
import { readSettings } from '../settings.js';

const settings = readSettings(process.env);
const { kills, store, servers, seed } = settings;

it(`nothing is lost, stuck or done twice by ${kills} kills of ${servers} (${store}, seed ${seed})`, async () => {
  const say = (line: string) => console.log(line);
  const outcome = await chaos({ ...settings, say });

  say([`store: ${store}, servers: ${servers}, seed: ${seed}`, ...outcome.summary].join('\n'));
  say(`violations: ${outcome.violations.length}`);
  if (outcome.violations.length > 0) {
    say(toldOf(outcome.violations, outcome.log));
    say(`Again: npm run chaos -- --kills ${kills} --store ${store} --servers ${servers} --seed ${seed}`);
  }
  expect(outcome.violations.length).toBe(0);
  expect(outcome.kills).toBe(kills);
}, 0);
