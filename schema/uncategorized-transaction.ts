import { Field, ID, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A transaction without a category, for which one can be suggested.' })
export class UncategorizedTransaction {
  @Field(() => ID, { description: 'As in Actual, and as `batch` of `startJob` takes it.' })
  transactionId!: string;

  @Field({ description: 'YYYY-MM-DD.' })
  date!: string;

  @Field(() => String, {
    description: 'As named in the budget, or as the bank sent it; null where neither is known.',
    nullable: true,
  })
  payee!: string | null;

  @Field(() => Int, { description: 'In cents, negative is spending.' })
  amount!: number;

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
