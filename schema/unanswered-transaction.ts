import { Field, ID, Int, ObjectType } from 'type-graphql';
import { PageInfo } from './page-info.js';

@ObjectType({ description: 'A transaction for which nothing was sure enough to be suggested.' })
export class UnansweredTransaction {
  @Field(() => ID, { description: 'As in Actual.' })
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
}

@ObjectType({
  description: 'A page of transactions without a suggestion, in the order in which they were looked at.',
})
export class UnansweredConnection {
  @Field(() => [UnansweredTransaction], { description: 'At most as many as `first` says.' })
  nodes!: readonly UnansweredTransaction[];

  @Field(() => PageInfo, { description: 'Where this page ends.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'On all pages.' })
  totalCount!: number;
}
