/** What one part of the server says of itself at a moment. */
export interface PartState {
  readonly ready: boolean;
  /** One word, in capitals. */
  readonly status: string;
  /** Why it is not ready, in a sentence for whoever runs the server; without secrets. */
  readonly reason?: string | undefined;
  readonly behind?: Behind;
  /** Parts of this part. */
  readonly parts?: PartStates;
}

export type PartStates = Readonly<Record<string, PartState>>;

/** How far a part is behind what is in the log. */
interface Behind {
  /** For how long it has not been caught up, as far as this server knows; 0 where it is. */
  readonly seconds: number;
  /** How much of the log it has not applied, from 0 to 1; null where that is not known. */
  readonly shareOfLog: number | null;
  /** When it will have caught up, if it goes on as fast as so far; null where that is not known. */
  readonly secondsLeft: number | null;
}

/** The same with the ISO instant since when it has this status, as far as anybody looked. */
export interface PartReadiness extends Omit<PartState, 'parts'> {
  readonly since: string;
  readonly parts?: Readonly<Record<string, PartReadiness>>;
}

export interface Readiness {
  /** Whether everything is served: all parts are ready. */
  readonly ready: boolean;
  readonly since: string;
  readonly parts: Readonly<Record<string, PartReadiness>>;
}
