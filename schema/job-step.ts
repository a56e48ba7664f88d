import { Field, Int, ObjectType } from 'type-graphql';
import { StepStatus, StepType } from './enums.js';
import { Failure } from './failure.js';
import { StepResult } from './step-result.js';

@ObjectType({ description: 'A part of a job.' })
export class JobStep {
  @Field(() => Int, { description: 'From 1.' })
  order!: number;

  @Field(() => StepType, { description: 'What it does.' })
  type!: string;

  @Field(() => StepStatus, { description: 'Where it stands.' })
  status!: string;

  @Field(() => Int, { description: 'Counts from 1; 0 before the first.' })
  attempt!: number;

  @Field(() => Date, { nullable: true, description: 'When the first attempt began; null before that.' })
  startedAt!: Date | null;

  @Field(() => Date, { description: 'When it ended, one way or another; null before that.', nullable: true })
  completedAt!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When it will try again by itself; null while it does not wait for that.',
  })
  nextAttemptAt!: Date | null;

  @Field(() => Failure, {
    nullable: true,
    description: 'Why the last attempt failed; null where none has failed.',
  })
  failure!: Failure | null;

  @Field(() => StepResult, { description: 'What it did; null until it has succeeded.', nullable: true })
  result!: typeof StepResult | null;
}
