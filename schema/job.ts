import { Field, ID, Int, ObjectType } from 'type-graphql';
import { JobStatus, JobType } from './enums.js';
import { Failure } from './failure.js';
import { PageInfo } from './page-info.js';

/** Budget, queuePosition, steps, history and suggestions are resolved when asked for: see `JobResolver`. */
@ObjectType({ description: 'What somebody started: one step, or several in order.' })
export class Job {
  @Field(() => ID)
  id!: string;

  @Field(() => JobType)
  type!: string;

  @Field(() => JobStatus)
  status!: string;

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date, { nullable: true })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true })
  completedAt!: Date | null;

  @Field(() => Date, { nullable: true })
  cancelRequestedAt!: Date | null;

  @Field(() => Failure, { nullable: true })
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
  @Field()
  cursor!: string;

  @Field(() => Job)
  node!: Job;
}

@ObjectType({ description: 'A page of jobs, newest first.' })
export class JobConnection {
  @Field(() => [JobEdge])
  edges!: readonly JobEdge[];

  @Field(() => [Job])
  nodes!: readonly Job[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Of all jobs that match, on all pages.' })
  totalCount!: number;
}

@ObjectType({ description: 'The job that answers a request to start one.' })
export class StartJobPayload {
  @Field(() => Job)
  job!: Job;

  @Field({ description: 'False where a job that was already there answers the request.' })
  created!: boolean;
}
