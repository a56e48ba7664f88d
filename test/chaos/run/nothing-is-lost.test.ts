import { expect, it } from 'vitest';
import { chaos } from '../chaos.js';
import { aCrowd, fewUsers } from '../pace.js';
import { toldOf } from '../tell.js';
import { readSettings } from '../settings.js';

const settings = readSettings(process.env);
const { kills, jobs, store, servers, seed } = settings;
const pace = jobs > 0 ? aCrowd : fewUsers;

it(`nothing is lost, stuck or done twice by ${kills} kills of ${servers} (${store}, seed ${seed})`, async () => {
  const say = (line: string) => console.log(line);
  const outcome = await chaos({ ...settings, pace, say });

  say([`store: ${store}, servers: ${servers}, seed: ${seed}`, ...outcome.summary].join('\n'));
  say(`violations: ${outcome.violations.length}`);
  if (outcome.violations.length > 0) {
    say(toldOf(outcome.violations, outcome.log));
    say(
      `Again: npm run chaos -- --jobs ${jobs} --kills ${kills} --store ${store} --servers ${servers} --seed ${seed}`,
    );
  }
  expect(outcome.violations.length).toBe(0);
  expect(outcome.kills).toBeGreaterThanOrEqual(kills);
  expect(outcome.jobs).toBeGreaterThanOrEqual(jobs);
}, 0);
