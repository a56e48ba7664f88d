export type StepResult = SyncResult | SuggestionsResult;

export interface SyncResult {
  readonly __typename: 'SyncResult';
  readonly messagesReceived: number;
  readonly messagesSent: number;
  readonly transactionsChanged: number;
  readonly accountsTouched: readonly string[];
  readonly durationMs: number;
}

export interface SuggestionsResult {
  readonly __typename: 'SuggestionsResult';
  readonly requested: number;
  readonly suggested: number;
  readonly fromHistory: number;
  readonly fromModel: number;
  readonly unanswered: number;
  readonly unusable: number | null;
  readonly model: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: number | null;
}
