import { expect, it } from 'vitest';
import { brokenCopy } from '../broken-copy.js';
import { bugs } from '../bugs.js';
import { chaos } from '../chaos.js';
import { fewUsers } from '../pace.js';
import { readSettings } from '../settings.js';

const settings = readSettings(process.env);

/** A copy of the server with a bug in it does not survive: the checker checks. */
it.each(bugs.map((bug) => [bug.name, bug] as const))(
  '%s is caught',
  async (_name, bug) => {
    const copy = brokenCopy(bug);
    const store = bug.servers === 2 ? 'eventstoredb' : 'sqlite';
    const servers = bug.servers ?? 1;
    try {
      const { kills, violations, summary } = await chaos({
        ...{ ...settings, store, servers, entry: copy.entry, killsARound: 5, pace: fewUsers },
        say: () => undefined,
      });

      const caught = violations.find(({ what }) => bug.caught.test(what));
      const { rule, what } = caught ?? violations[0] ?? { rule: 'NOTHING', what: 'was found' };
      console.log(
        `${bug.name}\n  seed ${settings.seed}, after ${kills} kills: ${rule}: ${what.split('\n')[0]}`,
      );
      if (!caught) console.log(summary.join('\n'));
      expect(caught).toBeDefined();
    } finally {
      copy.remove();
    }
  },
  0,
);
