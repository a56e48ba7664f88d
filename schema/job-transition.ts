import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: "One event of a job's life." })
export class JobTransition {
  @Field(() => Date)
  at!: Date;

  @Field({ description: 'The type of the event, for programs.' })
  event!: string;

  @Field(() => Int, { nullable: true, description: 'The step that it is about.' })
  step!: number | null;

  @Field({ description: 'What happened, for people.' })
  message!: string;
}
