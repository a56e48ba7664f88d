import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A budget of the Actual server.' })
export class Budget {
  @Field(() => ID, { description: 'Its Sync ID.' })
  id!: string;

  @Field({ description: 'As last known.' })
  name!: string;
}
