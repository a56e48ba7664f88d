import { Field, Int, ObjectType } from 'type-graphql';
import { TransactionFacts } from './transaction-facts.js';

@ObjectType({
  description:
    'A transaction without a category, for which one can be suggested: `batch` of `startJob` takes its id.',
})
export class UncategorizedTransaction extends TransactionFacts {
  @Field({ description: 'Name of the account that it belongs to.' })
  accountName!: string;
}

@ObjectType({ description: 'The newest transactions without a category, of those that were found.' })
export class UncategorizedConnection {
  @Field(() => [UncategorizedTransaction], {
    description: 'At most as many as `first` says, newest first. Others are found with `search`.',
  })
  nodes!: readonly UncategorizedTransaction[];

  @Field(() => Int, { description: 'Of all that were found.' })
  totalCount!: number;
}
