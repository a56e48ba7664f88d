import type { TokenEvent } from './token-events.js';

/**
 * What was spent on models, by all servers together, on the day of the last event and the day before: no job takes
 * longer. What was reserved counts until it is known what it cost: a question whose answer nobody heard may have cost all
 * of it.
 */
export interface TokenLedger {
  readonly lastEventAt: string;
  readonly reserved: readonly Reserved[];
  /** Once for each job and day. */
  readonly spent: readonly Spent[];
}

interface Spent {
  readonly jobId: string;
  /** 'YYYY-MM-DD' in UTC. */
  readonly day: string;
  readonly tokens: number;
}

interface Reserved extends Spent {
  readonly id: string;
}

export interface TokenCaps {
  readonly perJob: number;
  readonly perDay: number;
}

export interface ReserveTokens {
  readonly at: string;
  readonly id: string;
  readonly jobId: string;
  readonly tokens: number;
  readonly caps: TokenCaps;
}

export type ReservationDecision =
  { readonly outcome: 'RESERVED'; readonly events: readonly TokenEvent[] } | ReservationRefusal;

export type ReservationRefusal =
  /** This job may spend no more. */
  | { readonly outcome: 'JOB_CAP_REACHED' }
  /** `resumesAt`: when the same may be reserved, an ISO instant in UTC. */
  | { readonly outcome: 'DAY_CAP_REACHED'; readonly resumesAt: string }
  /** So many tokens may never be spent at once, whatever was spent before. */
  | { readonly outcome: 'CAP_TOO_SMALL'; readonly cap: 'JOB' | 'DAY'; readonly tokens: number };

export const emptyLedger: TokenLedger = { lastEventAt: '', reserved: [], spent: [] };

export function decideReservation(ledger: TokenLedger, command: ReserveTokens): ReservationDecision {
  const { id, jobId, tokens, caps } = command;
  const at = laterOf(ledger.lastEventAt, command.at);
  if (ledger.reserved.some((reserved) => reserved.id === id)) return { outcome: 'RESERVED', events: [] };
  if (tokens > caps.perJob) return { outcome: 'CAP_TOO_SMALL', cap: 'JOB', tokens };
  if (tokens > caps.perDay) return { outcome: 'CAP_TOO_SMALL', cap: 'DAY', tokens };
  if (sumOf(ledger, (each) => each.jobId === jobId) + tokens > caps.perJob) {
    return { outcome: 'JOB_CAP_REACHED' };
  }
  const day = dayOf(at);
  if (sumOf(ledger, (each) => each.day === day) + tokens > caps.perDay) {
    return { outcome: 'DAY_CAP_REACHED', resumesAt: beginOf(dayAfter(day)) };
  }
  return { outcome: 'RESERVED', events: [{ type: 'TokensReserved', v: 1, at, id, jobId, tokens }] };
}

/** Nothing where the reservation is not known, or settled already. */
export function decideSettlement(
  ledger: TokenLedger,
  { at, id, tokens }: { readonly at: string; readonly id: string; readonly tokens: number },
): readonly TokenEvent[] {
  const isReserved = ledger.reserved.some((reserved) => reserved.id === id);
  return isReserved ? [{ type: 'TokensSettled', v: 1, at: laterOf(ledger.lastEventAt, at), id, tokens }] : [];
}

export function evolveLedger(ledger: TokenLedger, event: TokenEvent): TokenLedger {
  const oldest = dayBefore(dayOf(event.at));
  const isRecent = ({ day }: Spent) => day >= oldest;
  const reserved = ledger.reserved.filter(isRecent);
  const spent = ledger.spent.filter(isRecent);
  switch (event.type) {
    case 'TokensReserved': {
      const { at, id, jobId, tokens } = event;
      return { lastEventAt: at, reserved: [...reserved, { id, jobId, day: dayOf(at), tokens }], spent };
    }
    case 'TokensSettled': {
      const { at, id, tokens } = event;
      const settled = reserved.find((each) => each.id === id);
      const left = reserved.filter((each) => each !== settled);
      return {
        lastEventAt: at,
        reserved: left,
        spent: settled ? plus(spent, { ...settled, tokens }) : spent,
      };
    }
    default:
      return event satisfies never;
  }
}

function plus(spent: readonly Spent[], { jobId, day, tokens }: Spent): readonly Spent[] {
  const known = spent.find((each) => each.jobId === jobId && each.day === day);
  const others = spent.filter((each) => each !== known);
  return [...others, { jobId, day, tokens: tokens + (known?.tokens ?? 0) }];
}

function sumOf({ reserved, spent }: TokenLedger, counts: (each: Spent) => boolean): number {
  return [...reserved, ...spent].filter(counts).reduce((sum, { tokens }) => sum + tokens, 0);
}

function dayOf(at: string): string {
  return at.slice(0, 'YYYY-MM-DD'.length);
}

function beginOf(day: string): string {
  return `${day}T00:00:00.000Z`;
}

function dayAfter(day: string): string {
  return shifted(day, 1);
}

function dayBefore(day: string): string {
  return shifted(day, -1);
}

function shifted(day: string, days: number): string {
  const date = new Date(beginOf(day));
  date.setUTCDate(date.getUTCDate() + days);
  return dayOf(date.toISOString());
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b;
}
