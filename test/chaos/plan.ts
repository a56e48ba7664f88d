import { Random } from '../../src/demo/random.js';

/** How one life of a server ends, and what troubles it before. */
export interface LifePlan {
  readonly end: LifeEnd;
  readonly trouble: Trouble | null;
}

export type LifeEnd =
  /** Counted from the moment at which its process is made: mostly it is still starting. */
  | { readonly kind: 'START'; readonly afterMs: number }
  /** Counted from the moment at which it is ready. */
  | { readonly kind: 'MOMENT'; readonly afterMs: number }
  /** As soon as users have made so many jobs in this life. */
  | { readonly kind: 'JOBS'; readonly number: number }
  /** At one of its durable writes: of all, or of those that hold an event of this type. */
  | {
      readonly kind: 'WRITE';
      readonly number: number;
      readonly side: 'before' | 'after';
      readonly type?: string;
    };

interface Trouble {
  readonly kind: TroubleKind;
  /** After it is ready. */
  readonly afterMs: number;
  readonly forMs: number;
}

const troubleKinds = [
  /** Its process is stopped, and continued. */
  'STOPPED',
  /** The store does not answer, or breaks connections. */
  'STORE_HELD',
  'STORE_REFUSED',
  'ACTUAL_HELD',
  'ACTUAL_ANSWERS_HELD',
  'ACTUAL_REFUSED',
  'MODEL_HELD',
  'MODEL_ANSWERS_HELD',
  'MODEL_REFUSED',
] as const;
export type TroubleKind = (typeof troubleKinds)[number];

/** The lives of one server in turn, without an end: the same for the same seed. */
export function* livesOf(seed: number, server: number): Generator<LifePlan, never> {
  const random = new Random(seed * 31 + server);
  for (;;) yield { end: endFrom(random), trouble: random.chance(0.35) ? troubleFrom(random) : null };
}

/** The same for lives that are long enough to make jobs: so many each, on average. */
export function* longLivesOf(seed: number, server: number, jobs: number): Generator<LifePlan, never> {
  const random = new Random(seed * 31 + server);
  for (;;) {
    const number = random.between(Math.ceil(jobs / 2), Math.floor((jobs * 3) / 2));
    yield { end: { kind: 'JOBS', number }, trouble: random.chance(0.35) ? troubleFrom(random) : null };
  }
}

function endFrom(random: Random): LifeEnd {
  const chance = random.next();
  if (chance < 0.1) return { kind: 'START', afterMs: random.between(20, 1_200) };
  if (chance < 0.3) return { kind: 'MOMENT', afterMs: random.between(0, 2_000) };
  const side = random.pick(['before', 'after'] as const);
  // Early ones more often: there the repairs of the life before are under way.
  if (chance < 0.65) return { kind: 'WRITE', number: 1 + Math.floor(50 * random.next() ** 2), side };
  const [type, most] = random.pick(moments);
  return { kind: 'WRITE', number: random.between(1, most), side, type };
}

/** Where something is half done, and how often that comes soon enough. */
const moments: readonly [Moment, ...Moment[]] = [
  ['JobAdmitted', 4],
  ['JobQueued', 3],
  ['StepStarted', 3],
  ['StepAdvanced', 4],
  ['StepAdvanced', 4],
  ['StepSucceeded', 3],
  ['StepInterrupted', 1],
  ['CancelRequested', 2],
  ['TokensReserved', 4],
  ['TokensSettled', 3],
  ['JobReleased', 3],
];
type Moment = readonly [type: string, most: number];

function troubleFrom(random: Random): Trouble {
  const kind = troubleKinds[random.between(0, troubleKinds.length - 1)] ?? 'STOPPED';
  // Long enough to be taken for gone by another server.
  const longestMs = kind === 'STOPPED' ? 4_000 : 1_500;
  return { kind, afterMs: random.between(0, 1_000), forMs: random.between(100, longestMs) };
}
