import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from './page-info.js';
import { TransactionFacts } from './transaction-facts.js';

@ObjectType({ description: 'A transaction for which nothing was sure enough to be suggested.' })
export class UnansweredTransaction extends TransactionFacts {}

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
