import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Whoever asks.' })
export class Viewer {
  @Field(() => ID)
  id!: string;
}
