import type { Claim } from '../../src/domain/decide-job.js';
import type { ModelStore } from './model-store.js';
import { numberOf } from './number-of.js';
import type { Progress } from './program.js';
import { isSameClaim, type Answer, type Effect, type Outcome, type Reservation } from './task.js';

/** All that there is at one moment. */
export interface World {
  readonly store: ModelStore;
  readonly servers: readonly Server[];
  readonly fibers: readonly Fiber[];
  /** What the users were answered so far, by command. */
  readonly outcomes: readonly (Outcome | null)[];
  /** How often each misfortune may still come. */
  readonly left: Misfortunes;
  /** Whether the pauses before another attempt are over. */
  readonly isLater: boolean;
}

export interface Server {
  readonly id: string;
  readonly isUp: boolean;
  readonly reservations: readonly Reservation[];
}

/** A task under way. */
export interface Fiber {
  readonly server: number;
  readonly progress: Progress;
  /** The answer to the last append, where it was appended and nobody was told. */
  readonly landed: Extract<Answer, { kind: 'APPENDED' }> | null;
  /** Up to where it has waited for queries to show everything. */
  readonly shown: string;
}

export interface Misfortunes {
  /** A server goes in the middle of everything. */
  readonly crashes: number;
  /** The store appends, or does not, and cannot say so. */
  readonly unknownOutcomes: number;
  /** A read shows less than there is. */
  readonly staleReads: number;
  /** What a server remembers is less than there is. */
  readonly staleMemories: number;
  /** A claim is interrupted although its runner lives. */
  readonly wrongJudgements: number;
  /** A step fails for good. */
  readonly failures: number;
  /** A step fails for a reason that may pass. */
  readonly passingFailures: number;
  /** A job that ended long ago is removed: no misfortune, but done as seldom. */
  readonly retirements: number;
}

export const noMisfortune: Misfortunes = {
  crashes: 0,
  unknownOutcomes: 0,
  staleReads: 0,
  staleMemories: 0,
  wrongJudgements: 0,
  failures: 0,
  passingFailures: 0,
  retirements: 0,
};

export function spent(world: World, misfortune: keyof Misfortunes): Misfortunes {
  return { ...world.left, [misfortune]: world.left[misfortune] - 1 };
}

/** Equal for equal worlds. */
export function keyOf(world: World): string {
  const fibers = world.fibers.map(({ progress, landed, shown }) =>
    [progress.id, landed?.position, shown].join(' '),
  );
  return `${factsOf(world)} ${fibers.sort().join()}`;
}

/** Equal for worlds that differ in no more than what is under way. */
export function factsOf({ store, servers, outcomes, left, isLater }: World): string {
  return [numberOf(store, storeText), numberOf(servers), numberOf(outcomes), numberOf(left), isLater].join();
}

function storeText(store: ModelStore): string {
  return [...store]
    .map(([name, { id }]) => `${name} ${id}`)
    .sort()
    .join();
}

export function withServer(world: World, index: number, change: Partial<Server>): World {
  return {
    ...world,
    servers: world.servers.map((server, at) => (at === index ? { ...server, ...change } : server)),
  };
}

/** What a task did to its server. */
export function affected(
  reservations: readonly Reservation[],
  effects: readonly Effect[],
): readonly Reservation[] {
  return effects.reduce(affectedBy, reservations);
}

function affectedBy(reservations: readonly Reservation[], effect: Effect): readonly Reservation[] {
  switch (effect.kind) {
    case 'RESERVED': {
      const { jobId, claim } = effect;
      return sorted([...reservations, { jobId, claim, stage: 'CLAIMING', isTold: false }]);
    }
    case 'FREED':
      return without(reservations, effect.jobId, effect.claim, 'CLAIMING');
    case 'RUNS':
      return changed(reservations, effect.jobId, effect.claim, { from: 'CLAIMING', to: 'RUNNING' });
    case 'TOLD':
      return reservations.map((each) => (each.jobId === effect.jobId ? { ...each, isTold: true } : each));
    case 'SHOWN':
      return reservations;
    default:
      return effect satisfies never;
  }
}

export function changed(
  reservations: readonly Reservation[],
  jobId: string,
  claim: Claim,
  { from, to }: { readonly from: Reservation['stage']; readonly to: Reservation['stage'] },
): readonly Reservation[] {
  const held = find(reservations, jobId, claim, from);
  return sorted(reservations.map((each) => (each === held ? { ...each, stage: to } : each)));
}

export function without(
  reservations: readonly Reservation[],
  jobId: string,
  claim: Claim,
  stage: Reservation['stage'],
): readonly Reservation[] {
  const held = find(reservations, jobId, claim, stage);
  return reservations.filter((each) => each !== held);
}

function find(
  reservations: readonly Reservation[],
  jobId: string,
  claim: Claim,
  stage: Reservation['stage'],
): Reservation {
  const held = reservations.find(
    (each) => each.jobId === jobId && each.stage === stage && isSameClaim(each.claim, claim),
  );
  if (!held) throw new RangeError(`No reservation of ${jobId} is ${stage}`);
  return held;
}

/** In which order a server came to hold them makes no difference. */
function sorted(reservations: readonly Reservation[]): readonly Reservation[] {
  return [...reservations].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
