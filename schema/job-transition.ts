import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: "One event of a job's life." })
export class JobTransition {
  @Field(() => Date, { description: 'When it happened.' })
  at!: Date;

  @Field({ description: 'The type of the event, for programs.' })
  event!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The `order` of the step that it is about; null where it is about the job.',
  })
  step!: number | null;

  @Field({ description: 'What happened, for people.' })
  message!: string;
}
