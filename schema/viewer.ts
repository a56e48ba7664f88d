import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Whoever asks.' })
export class Viewer {
  @Field(() => ID, {
    description:
      'The owner of the jobs that you start: the subject of your token, or `local` without sign-in.',
  })
  id!: string;
}
