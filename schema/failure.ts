import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Why a job or a step failed.' })
export class Failure {
  @Field({ description: 'A stable code for programs: one of `FailureCode`.' })
  code!: string;

  @Field({ description: 'One sentence, for people.' })
  message!: string;

  @Field({ description: 'What to do about it.' })
  action!: string;

  @Field({ description: 'Whether the same work can succeed when it is started again.' })
  retryable!: boolean;
}
