import { Field, ID, Int, ObjectType } from 'type-graphql';

/** By what a transaction is known again, whatever is told of it. Of the schema, its fields alone are a part. */
@ObjectType()
export abstract class TransactionFacts {
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
