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

/** Takes as long for many events as for one: after a start there may be those of two days. */
export function evolveLedger(ledger: TokenLedger, events: readonly TokenEvent[]): TokenLedger {
  const reserved = new Map(ledger.reserved.map((each) => [each.id, each]));
  const spent = new Map(ledger.spent.map((each) => [keyOf(each), each]));
  for (const event of events) {
    switch (event.type) {
      case 'TokensReserved': {
        const { at, id, jobId, tokens } = event;
        reserved.set(id, { id, jobId, day: dayOf(at), tokens });
        break;
      }
      case 'TokensSettled': {
        const settled = reserved.get(event.id);
        if (!settled) break;
        reserved.delete(event.id);
        const { jobId, day } = settled;
        const before = spent.get(keyOf(settled))?.tokens ?? 0;
        spent.set(keyOf(settled), { jobId, day, tokens: before + event.tokens });
        break;
      }
      default:
        event satisfies never;
    }
  }
  const last = events.at(-1);
  if (!last) return ledger;
  const lastEventAt = last.at;
  const oldest = dayBefore(dayOf(lastEventAt));
  const isRecent = ({ day }: Spent) => day >= oldest;
  return {
    lastEventAt,
    reserved: [...reserved.values()].filter(isRecent),
    spent: [...spent.values()].filter(isRecent),
  };
}

function keyOf({ jobId, day }: Spent): string {
  return `${day} ${jobId}`;
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
