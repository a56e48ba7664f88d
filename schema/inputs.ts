import { Field, ID, InputType } from 'type-graphql';
import { ConflictPolicy, JobStatus, JobType } from './enums.js';

@InputType({ description: 'The transactions to suggest for: exactly one of the two.' })
export class BatchInput {
  @Field(() => [ID], {
    description:
      'These, by the ids that they have in Actual; each once, none of them empty. How many there may be is configured (1,000).',
    nullable: true,
  })
  transactionIds?: readonly string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'All that have no category when the step runs.' })
  allUncategorized?: boolean | null;
}

@InputType({ description: 'What to start.' })
export class StartJobInput {
  @Field(() => JobType, { description: 'What to start.' })
  type!: string;

  @Field(() => ID, { nullable: true, description: 'May be left out where there is one budget.' })
  budgetId?: string | null;

  @Field(() => BatchInput, {
    nullable: true,
    description: 'Required where the job has a SUGGESTIONS_GENERATION step.',
  })
  batch?: BatchInput | null;

  @Field(() => ConflictPolicy, {
    description: 'What to do where the same job is active already.',
    nullable: true,
    defaultValue: 'RETURN_EXISTING',
  })
  onConflict?: 'RETURN_EXISTING' | 'QUEUE' | 'REJECT' | null;

  @Field(() => String, {
    nullable: true,
    description:
      '1 to 200 characters. The same key always gives the same job, finished or not, while it is kept.',
  })
  idempotencyKey?: string | null;
}

@InputType({ description: 'An absent or empty list does not restrict.' })
export class JobFilter {
  @Field(() => [JobType], { nullable: true, description: 'Of these types.' })
  types?: readonly string[] | null;

  @Field(() => [JobStatus], { nullable: true, description: 'In one of these states.' })
  statuses?: readonly string[] | null;

  @Field(() => ID, { nullable: true, description: 'Of this budget, by its Sync ID.' })
  budgetId?: string | null;
}
