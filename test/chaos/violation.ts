/** Something that must never be. */
export interface Violation {
  readonly rule: Rule;
  readonly what: string;
  /** Whose history tells more. */
  readonly jobIds: readonly string[];
}

type Rule =
  | 'HISTORY'
  | 'END'
  | 'LANE'
  | 'ONE_AT_A_TIME'
  | 'ANSWER'
  | 'PAID_ONCE'
  | 'SIGHTING'
  | 'QUERY'
  | 'EVENT_ID'
  | 'SURPRISE';
