import { Field, Int, ObjectType } from 'type-graphql';
import { StepStatus, StepType } from './enums.js';
import { Failure } from './failure.js';
import { StepResult } from './step-result.js';

@ObjectType({ description: 'A part of a job.' })
export class JobStep {
  @Field(() => Int, { description: 'From 1.' })
  order!: number;

  @Field(() => StepType)
  type!: string;

  @Field(() => StepStatus)
  status!: string;

  @Field(() => Int, { description: '0 before the first.' })
  attempt!: number;

  @Field(() => Date, { nullable: true, description: 'Of the first attempt.' })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true })
  completedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'While it waits to try again.' })
  nextAttemptAt!: Date | null;

  @Field(() => Failure, { nullable: true, description: 'The last one.' })
  failure!: Failure | null;

  @Field(() => StepResult, { nullable: true })
  result!: typeof StepResult | null;
}
