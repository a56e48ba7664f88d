import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosServer, Life } from './chaos-server.js';
import type { LifeEnd, LifePlan, TroubleKind } from './plan.js';
import { trouble } from './trouble.js';
import { until } from './until.js';

type Death = 'STARTING' | 'MOMENT' | 'BEFORE_A_WRITE' | 'AFTER_A_WRITE' | 'BY_ITSELF';

export interface Lived {
  readonly death: Death;
  /** Null where nothing troubled it. */
  readonly trouble: TroubleKind | null;
  readonly life: Life;
  readonly status: number | null;
}

/** A life that does not come to its write, never makes its jobs or never becomes ready, ends all the same (milliseconds). */
const longestMs = { ofAll: 3_000, ofType: 6_000, ofJobs: 300_000 };
const longestStartMs = 20_000;

/**
 * One life of a server, until it is killed or has killed itself as planned.
 * @param countJobs how many jobs there are so far
 */
export async function liveAndDie(
  server: ChaosServer,
  plan: LifePlan,
  countJobs: () => number,
): Promise<Lived> {
  const { end } = plan;
  const life = server.start(end);
  const ended = new AbortController();
  const exited = life.exited.finally(() => ended.abort());
  const troubled = begun(server, life, plan, ended.signal);
  let wasReady = false;
  const ready = life.ready.then((isReady) => (wasReady = isReady));
  if (end.kind !== 'START') await Promise.race([ready, passed(longestStartMs, ended.signal)]);
  if (end.kind === 'JOBS') await untilMade(end.number, countJobs, ended.signal);
  else await Promise.race([exited, passed(longest(end), ended.signal)]);
  const wasKilled = !ended.signal.aborted;
  if (wasKilled) life.signal('SIGKILL');
  const status = await exited;
  return { life, status, trouble: await troubled, death: deathOf() };

  function deathOf(): Death {
    if (status !== null) return 'BY_ITSELF';
    if (wasKilled) return wasReady ? 'MOMENT' : 'STARTING';
    return end.kind === 'WRITE' && end.side === 'before' ? 'BEFORE_A_WRITE' : 'AFTER_A_WRITE';
  }
}

async function untilMade(number: number, countJobs: () => number, signal: AbortSignal): Promise<void> {
  const enough = countJobs() + number;
  await until(() => signal.aborted || countJobs() >= enough || undefined, { patienceMs: longestMs.ofJobs });
}

function longest(end: Exclude<LifeEnd, { kind: 'JOBS' }>): number {
  if (end.kind !== 'WRITE') return end.afterMs;
  return end.type === undefined ? longestMs.ofAll : longestMs.ofType;
}

/** Resolves when the trouble is over, with what it was, if it ever began. */
async function begun(
  server: ChaosServer,
  life: Life,
  { trouble: planned }: LifePlan,
  signal: AbortSignal,
): Promise<TroubleKind | null> {
  if (!planned || !(await Promise.race([life.ready, aborted(signal)]))) return null;
  await passed(planned.afterMs, signal);
  if (signal.aborted) return null;
  const end = trouble(planned.kind, server, life);
  await passed(planned.forMs, signal);
  end();
  return planned.kind;
}

/** Resolves with nothing. */
function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}

async function passed(ms: number, signal?: AbortSignal): Promise<undefined> {
  await pause(ms, undefined, { ...(signal && { signal }) }).catch(() => undefined);
}
