import { Field, ID, Int, ObjectType } from 'type-graphql';
import { JobStatus, JobType } from './enums.js';
import { Failure } from './failure.js';
import { PageInfo } from './page-info.js';

/** Budget, queuePosition, steps, history and suggestions are resolved when asked for: see `JobResolver`. */
@ObjectType({ description: 'What somebody started: one step, or several in order.' })
export class Job {
  @Field(() => ID, { description: 'Made by the server.' })
  id!: string;

  @Field(() => JobType, { description: 'What was started.' })
  type!: string;

  @Field(() => JobStatus, { description: 'Where it stands.' })
  status!: string;

  @Field(() => Date, { description: 'When it was started.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When its first step began; null before that.', nullable: true })
  startedAt!: Date | null;

  @Field(() => Date, { description: 'When it ended, one way or another; null before that.', nullable: true })
  completedAt!: Date | null;

  @Field(() => Date, {
    description: 'When somebody asked to cancel it; null where nobody did.',
    nullable: true,
  })
  cancelRequestedAt!: Date | null;

  @Field(() => Failure, { description: 'Why it failed, and what to do; null unless it has.', nullable: true })
  failure!: Failure | null;

  @Field(() => ID, { nullable: true, description: 'The job that this one goes on from.' })
  retryOf!: string | null;

  @Field({
    description:
      'Of the last event that this state includes. Opaque and totally ordered: compare as text. Pass the greatest one seen to `jobUpdated(after)`.',
  })
  position!: string;

  budgetId!: string;
}

@ObjectType({ description: 'A job and its place in the list.' })
export class JobEdge {
  @Field({ description: 'Pass it as `after` to get what follows this job.' })
  cursor!: string;

  @Field(() => Job, { description: 'The job.' })
  node!: Job;
}

@ObjectType({ description: 'A page of jobs, newest first.' })
export class JobConnection {
  @Field(() => [JobEdge], { description: 'The jobs of this page, each with its cursor.' })
  edges!: readonly JobEdge[];

  @Field(() => [Job], { description: 'The jobs of this page.' })
  nodes!: readonly Job[];

  @Field(() => PageInfo, { description: 'Where this page ends.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Of all jobs that match, on all pages.' })
  totalCount!: number;
}

@ObjectType({ description: 'The job that answers a request to start one.' })
export class StartJobPayload {
  @Field(() => Job, { description: 'The job that was started, or was there already.' })
  job!: Job;

  @Field({ description: 'False where a job that was already there answers the request.' })
  created!: boolean;
}
