import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { SuggestionSource } from './enums.js';
import { PageInfo } from './page-info.js';
import { TransactionFacts } from './transaction-facts.js';

@ObjectType({ description: 'A category suggested for a transaction.' })
export class Suggestion extends TransactionFacts {
  @Field(() => ID, { description: 'Of a category that existed and was visible when it was suggested.' })
  categoryId!: string;

  @Field({ description: 'Its name at that time.' })
  categoryName!: string;

  @Field(() => SuggestionSource, { description: 'Who suggests it.' })
  source!: string;

  @Field(() => Float, {
    description:
      'From 0 to 1: how often such a suggestion is expected to be right. From 0.95 it is sure, from 0.6 likely; what a model says is never sure.',
  })
  confidence!: number;

  @Field({ description: 'Why, with the evidence.' })
  rationale!: string;
}

@ObjectType({ description: 'A page of suggestions, in the order in which they were found.' })
export class SuggestionConnection {
  @Field(() => [Suggestion], { description: 'At most as many as `first` says.' })
  nodes!: readonly Suggestion[];

  @Field(() => PageInfo, { description: 'Where this page ends.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'On all pages.' })
  totalCount!: number;
}
