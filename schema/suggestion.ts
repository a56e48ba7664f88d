import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { SuggestionSource } from './enums.js';
import { PageInfo } from './page-info.js';

@ObjectType({ description: 'A category suggested for a transaction.' })
export class Suggestion {
  @Field(() => ID)
  transactionId!: string;

  @Field({ description: 'YYYY-MM-DD.' })
  date!: string;

  @Field(() => String, { nullable: true })
  payee!: string | null;

  @Field(() => Int, { description: 'In cents, negative is spending.' })
  amount!: number;

  @Field(() => ID)
  categoryId!: string;

  @Field()
  categoryName!: string;

  @Field(() => SuggestionSource)
  source!: string;

  @Field(() => Float, { description: 'From 0 to 1: how often such a suggestion is expected to be right.' })
  confidence!: number;

  @Field({ description: 'Why, with the evidence.' })
  rationale!: string;
}

@ObjectType({ description: 'A page of suggestions, in the order in which they were found.' })
export class SuggestionConnection {
  @Field(() => [Suggestion])
  nodes!: readonly Suggestion[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;

  @Field(() => Int)
  totalCount!: number;
}
