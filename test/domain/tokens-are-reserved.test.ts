import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenEvent } from '../../src/domain/token-events.js';
import {
  decideReservation,
  decideSettlement,
  emptyLedger,
  evolveLedger,
  type ReserveTokens,
  type TokenLedger,
} from '../../src/domain/token-ledger.js';

const at = '2026-11-26T12:00:00.000Z';
const caps = { perJob: 100, perDay: 250 };

const reserved = (
  id: string,
  tokens: number,
  fields: Partial<{ jobId: string; at: string }> = {},
): TokenEvent => ({
  type: 'TokensReserved',
  v: 1,
  at,
  id,
  jobId: 'job-1',
  tokens,
  ...fields,
});
const settled = (id: string, tokens: number, when = at): TokenEvent => ({
  type: 'TokensSettled',
  v: 1,
  at: when,
  id,
  tokens,
});
const given = (...events: readonly TokenEvent[]): TokenLedger => evolveLedger(emptyLedger, events);
const reserve = (ledger: TokenLedger, command: Partial<ReserveTokens> = {}) =>
  decideReservation(ledger, { at, id: 'new', jobId: 'job-1', tokens: 40, caps, ...command });

describe('tokens', () => {
  it('are reserved for a job before a model is asked', () => {
    expect(reserve(emptyLedger)).toEqual({ outcome: 'RESERVED', events: [reserved('new', 40)] });
  });

  it('are reserved once, however often that is tried', () => {
    expect(reserve(given(reserved('new', 40)))).toEqual({ outcome: 'RESERVED', events: [] });
  });

  it('count as reserved until it is known what was spent', () => {
    const ledger = given(reserved('a', 80));

    expect(reserve(ledger)).toEqual({ outcome: 'JOB_CAP_REACHED' });
    expect(reserve(evolveLedger(ledger, [settled('a', 60)]))).toMatchObject({ outcome: 'RESERVED' });
    expect(reserve(evolveLedger(ledger, [settled('a', 61)]))).toMatchObject({ outcome: 'JOB_CAP_REACHED' });
  });

  it('that were spent are counted once', () => {
    const ledger = given(reserved('a', 80), settled('a', 10));

    expect(decideSettlement(ledger, { at, id: 'a', tokens: 10 })).toEqual([]);
    expect(decideSettlement(emptyLedger, { at, id: 'a', tokens: 10 })).toEqual([]);
    expect(evolveLedger(ledger, [settled('a', 10)])).toEqual(ledger);
  });

  it('of one job are capped whatever others spend, and the job may never go on', () => {
    const ledger = given(reserved('a', 61), reserved('b', 90, { jobId: 'job-2' }));

    expect(reserve(ledger)).toEqual({ outcome: 'JOB_CAP_REACHED' });
    expect(reserve(ledger, { jobId: 'job-3' })).toMatchObject({ outcome: 'RESERVED' });
  });

  it('of a day are capped for all jobs together, until midnight in UTC', () => {
    const ledger = given(...['a', 'b', 'c'].map((id) => reserved(id, 75, { jobId: id })));

    expect(reserve(ledger)).toEqual({ outcome: 'DAY_CAP_REACHED', resumesAt: '2026-11-27T00:00:00.000Z' });
    expect(reserve(ledger, { at: '2026-11-27T00:00:00.000Z' })).toMatchObject({ outcome: 'RESERVED' });
  });

  it.each([
    ['job', 'JOB', { perJob: 250, perDay: 1_000 }],
    ['day', 'DAY', { perJob: 1_000, perDay: 250 }],
  ] as const)('that are more than a whole %s allows can never be reserved', (_whole, cap, most) => {
    const ledger = given(reserved('a', 250));

    expect(reserve(ledger, { tokens: 251, caps: most })).toEqual({
      outcome: 'CAP_TOO_SMALL',
      cap,
      tokens: 251,
    });
    expect(reserve(emptyLedger, { tokens: 250, caps: most })).toMatchObject({ outcome: 'RESERVED' });
  });

  it('of a job count over midnight, and those of days before are forgotten', () => {
    const evening = '2026-11-25T23:59:00.000Z';
    const ledger = given(
      reserved('old', 99, { at: '2026-11-24T12:00:00.000Z' }),
      reserved('a', 70, { at: evening }),
      settled('a', 65, evening),
      reserved('b', 1, { jobId: 'job-2' }),
    );

    expect(reserve(ledger)).toMatchObject({ outcome: 'JOB_CAP_REACHED' });
    expect(ledger.reserved.map(({ id }) => id)).toEqual(['b']);
    expect(ledger.spent).toEqual([{ jobId: 'job-1', day: '2026-11-25', tokens: 65 }]);
  });

  it('are never reserved for an earlier time than the last event’s: clocks differ', () => {
    const later = '2026-11-27T00:00:01.000Z';

    expect(reserve(given(reserved('a', 1, { at: later })))).toMatchObject({
      events: [expect.objectContaining({ at: later })],
    });
  });
});

describe('whatever is reserved and settled, in whatever order', () => {
  const step = fc.record({
    jobId: fc.constantFrom('job-1', 'job-2', 'job-3'),
    tokens: fc.integer({ min: 0, max: 120 }),
    settles: fc.option(fc.nat(20)),
    // All of it lies within two days, as a job does.
    minutes: fc.integer({ min: 0, max: 30 }),
    used: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it('no job and no day costs more than its cap, as long as nothing costs more than was reserved', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let ledger = emptyLedger;
        let time = Date.parse(at);
        const events: TokenEvent[] = [];
        for (const [n, { jobId, tokens, settles, minutes, used }] of steps.entries()) {
          time += minutes * 60_000;
          const now = new Date(time).toISOString();
          const open = ledger.reserved[settles ?? -1];
          const decided = open
            ? decideSettlement(ledger, { at: now, id: open.id, tokens: Math.floor(open.tokens * used) })
            : eventsOf(reserve(ledger, { at: now, id: `r${n}`, jobId, tokens }));
          events.push(...decided);
          ledger = evolveLedger(ledger, decided);
        }
        for (const [kind, cap, keyOf] of [
          ['job', caps.perJob, ({ jobId }: Cost) => jobId],
          ['day', caps.perDay, ({ day }: Cost) => day],
        ] as const) {
          for (const [key, cost] of costsBy(keyOf, costsIn(events))) {
            expect(cost, `${kind} ${key}`).toBeLessThanOrEqual(cap);
          }
        }
      }),
    );
  });

  interface Cost {
    readonly jobId: string;
    readonly day: string;
    readonly tokens: number;
  }

  function eventsOf(decision: ReturnType<typeof reserve>): readonly TokenEvent[] {
    return decision.outcome === 'RESERVED' ? decision.events : [];
  }

  /** What each reservation cost in the end. */
  function costsIn(events: readonly TokenEvent[]): readonly Cost[] {
    const costs = new Map<string, Cost>();
    for (const event of events) {
      const known = costs.get(event.id);
      if (event.type === 'TokensReserved') costs.set(event.id, { ...event, day: event.at.slice(0, 10) });
      else if (known) costs.set(event.id, { ...known, tokens: event.tokens });
    }
    return [...costs.values()];
  }

  function costsBy(keyOf: (cost: Cost) => string, costs: readonly Cost[]): ReadonlyMap<string, number> {
    const sums = new Map<string, number>();
    for (const cost of costs) sums.set(keyOf(cost), (sums.get(keyOf(cost)) ?? 0) + cost.tokens);
    return sums;
  }
});
