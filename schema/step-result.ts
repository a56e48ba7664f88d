import { createUnionType, Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'What a sync did.' })
export class SyncResult {
  @Field(() => Int, { description: 'Changes that came from the server, one for each field that changed.' })
  messagesReceived!: number;

  @Field(() => Int, { description: 'Changes that were made here and sent to the server.' })
  messagesSent!: number;

  @Field(() => Int, { description: 'Transactions that were added, changed or removed by what was received.' })
  transactionsChanged!: number;

  @Field(() => [String], { description: 'Names of the accounts whose transactions changed.' })
  accountsTouched!: readonly string[];

  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  durationMs!: number;
}

@ObjectType({ description: 'What came of a batch of transactions.' })
export class SuggestionsResult {
  @Field(() => Int, { description: 'Transactions in the batch.' })
  requested!: number;

  @Field(() => Int, { description: 'Transactions with a suggestion.' })
  suggested!: number;

  @Field(() => Int, {
    description: "Suggestions that follow from the budget's own categorised transactions.",
  })
  fromHistory!: number;

  @Field(() => Int, { description: 'Suggestions by the model.' })
  fromModel!: number;

  @Field(() => Int, { description: 'Transactions without a suggestion, because none was sure enough.' })
  unanswered!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Of the unanswered, those about which the model was asked in vain: it gave no answer that could be used. Null where no model was asked.',
  })
  unusable?: number | undefined;

  @Field(() => String, { nullable: true, description: 'Null where no model was asked.' })
  model!: string | null;

  @Field(() => Int, {
    description: 'Tokens that the model read; 0 where none was asked, or its server does not tell.',
  })
  inputTokens!: number;

  @Field(() => Int, {
    description: 'Tokens that the model wrote; 0 where none was asked, or its server does not tell.',
  })
  outputTokens!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'What the model cost, in the currency of the configured prices; null where none are configured, or no model was asked.',
  })
  cost?: number | undefined;
}

export const StepResult = createUnionType({
  name: 'StepResult',
  description: 'What a step that succeeded did.',
  types: () => [SyncResult, SuggestionsResult] as const,
  resolveType: (value) => ('durationMs' in value ? SyncResult : SuggestionsResult),
});
