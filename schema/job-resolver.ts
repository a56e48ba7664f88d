import {
  Arg,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { isRefusal, type Refusal } from '../src/application/refusal.js';
import type { JobView, PageRequest, PartsPage } from '../projections/job-reader.js';
import { ReadSideBehindError } from '../projections/read-side-behind-error.js';
import { Budget } from './budget.js';
import { invalidInput, refused } from './coded-error.js';
import type { Context } from './context.js';
import { JobType } from './enums.js';
import { JobFilter, StartJobInput } from './inputs.js';
import { Job, JobConnection, StartJobPayload } from './job.js';
import { JobStep } from './job-step.js';
import { JobTransition } from './job-transition.js';
import { toJob, toStep, toTransition } from './job-view.js';
import { checkPageSize } from './page-size.js';
import { SuggestionConnection } from './suggestion.js';
import { UnansweredConnection } from './unanswered-transaction.js';

const maxJobs = 100;
const maxSuggestions = 500;
const afterCursor = 'The `endCursor` of the page before; left out for the first page.';

@Resolver(() => Job)
export class JobResolver {
  @Query(() => Job, { nullable: true, description: 'Null where there is none, or it is not yours.' })
  job(
    @Arg('id', () => ID, { description: 'Of the job.' }) id: string,
    @Ctx() { reader, viewerId, isUpToDate }: Context,
  ): Job | null {
    const view = reader.job(viewerId, id);
    if (!view && !isUpToDate()) throw notKnownYet();
    return view && toJob(view);
  }

  @Query(() => JobConnection, { description: 'Your jobs, newest first.' })
  jobs(
    @Arg('filter', () => JobFilter, { nullable: true, description: 'Which jobs; all where it is left out.' })
    filter: JobFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: 'From 1 to 100.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: afterCursor }) after: string | null,
    @Ctx() { reader, viewerId, hasReadJobs }: Context,
  ): JobConnection {
    if (!hasReadJobs()) throw new ReadSideBehindError('list your jobs');
    const restriction = {
      types: someOf(filter?.types),
      statuses: someOf(filter?.statuses),
      budgetId: filter?.budgetId ?? undefined,
    };
    const page = reader.jobs(viewerId, restriction, {
      first: checkPageSize(first, 20, maxJobs),
      after: after ?? undefined,
    });
    const edges = page.items.map(({ cursor, job }) => ({ cursor, node: toJob(job) }));
    return {
      edges,
      nodes: edges.map(({ node }) => node),
      pageInfo: { hasNextPage: page.hasNextPage, endCursor: edges.at(-1)?.cursor ?? null },
      totalCount: reader.countJobs(viewerId, restriction),
    };
  }

  @Mutation(() => StartJobPayload, {
    description:
      'Starts a job, or answers with the one that is already there. Refuses with MISSING_INPUT, INVALID_INPUT, UNKNOWN_BUDGET, JOB_ALREADY_ACTIVE (with jobId), IDEMPOTENCY_KEY_REUSED or TOO_MANY_JOBS.',
  })
  async startJob(
    @Arg('input', () => StartJobInput, { description: 'What to start, and how.' }) input: StartJobInput,
    @Ctx() context: Context,
  ): Promise<StartJobPayload> {
    const { batch } = input;
    const started = accepted(
      await context.jobs.start(context.viewerId, {
        type: input.type,
        budgetId: input.budgetId ?? undefined,
        batch: batch
          ? {
              transactionIds: batch.transactionIds ?? undefined,
              allUncategorized: batch.allUncategorized ?? undefined,
            }
          : undefined,
        onConflict: input.onConflict ?? 'RETURN_EXISTING',
        idempotencyKey: input.idempotencyKey ?? undefined,
      }),
    );
    return { job: shown(started.jobId, context), created: started.created };
  }

  @Mutation(() => Job, {
    description:
      'Cancels a job: at once, or as soon as its running step has stopped. An ended job stays as it is. Refuses with JOB_NOT_FOUND.',
  })
  async cancelJob(
    @Arg('id', () => ID, { description: 'Of the job.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Job> {
    return shown(accepted(await context.jobs.cancel(context.viewerId, id)).jobId, context);
  }

  @Mutation(() => StartJobPayload, {
    description:
      'Starts a new job that goes on where a failed or canceled one ended. Refuses with JOB_NOT_FOUND, JOB_NOT_RETRYABLE, UNKNOWN_BUDGET or TOO_MANY_JOBS.',
  })
  async retryJob(
    @Arg('id', () => ID, { description: 'Of the job that failed or was canceled.' }) id: string,
    @Ctx() context: Context,
  ): Promise<StartJobPayload> {
    const started = accepted(await context.jobs.retry(context.viewerId, id));
    return { job: shown(started.jobId, context), created: started.created };
  }

  @Subscription(() => Job, {
    description:
      'The state of your jobs whenever it changes. With `jobId` it begins with the present state; with `after`, also beside `jobId`, only with what changed since that position, in order. A slow client gets fewer updates, never a wrong last one.',
    subscribe: ({ args, context }) => updatesFor(args as UpdatesArgs, context as Context),
  })
  jobUpdated(
    @Root() view: JobView,
    @Arg('jobId', () => ID, { nullable: true, description: 'This job alone.' }) _jobId: string | null,
    @Arg('types', () => [JobType], {
      nullable: true,
      description: 'Jobs of these types alone; of all where there are none.',
    })
    _types: readonly string[] | null,
    @Arg('after', () => String, {
      nullable: true,
      description: 'The greatest `position` seen; empty where none was.',
    })
    _after: string | null,
  ): Job {
    return toJob(view);
  }

  @FieldResolver(() => Budget, { description: 'The budget that it is about.' })
  budget(@Root() { budgetId }: Job, @Ctx() { budgets, viewerId }: Context): Budget {
    return budgets.list(viewerId).find(({ id }) => id === budgetId) ?? { id: budgetId, name: budgetId };
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Jobs ahead of it in the queue of its budget; null unless it is QUEUED.',
  })
  queuePosition(@Root() { id }: Job, @Ctx() { reader }: Context): number | null {
    return reader.queuePosition(id);
  }

  @FieldResolver(() => [JobStep], { description: 'What it consists of, in order.' })
  steps(@Root() { id }: Job, @Ctx() { reader }: Context): JobStep[] {
    return reader.steps(id).map(toStep);
  }

  @FieldResolver(() => [JobTransition], { description: 'What happened to it, oldest first.' })
  history(@Root() { id }: Job, @Ctx() { reader }: Context): JobTransition[] {
    return reader.transitions(id).map(toTransition);
  }

  @FieldResolver(() => SuggestionConnection, {
    description: 'What it has suggested so far, also where it failed or still runs.',
  })
  suggestions(
    @Root() { id }: Job,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50, description: 'From 1 to 500.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: afterCursor }) after: string | null,
    @Ctx() { reader }: Context,
  ): SuggestionConnection {
    return toConnection(reader.suggestions(id, pageRequest(first, after)));
  }

  @FieldResolver(() => UnansweredConnection, {
    description:
      'What it looked at and has no suggestion for. Those of a batch that the budget does not have are counted in `SuggestionsResult` alone.',
  })
  unanswered(
    @Root() { id }: Job,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50, description: 'From 1 to 500.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: afterCursor }) after: string | null,
    @Ctx() { reader }: Context,
  ): UnansweredConnection {
    return toConnection(reader.unanswered(id, pageRequest(first, after)));
  }
}

function pageRequest(first: number | null, after: string | null): PageRequest {
  return { first: checkPageSize(first, 50, maxSuggestions), after: after ?? undefined };
}

function toConnection<Part>({ nodes, hasNextPage, endCursor, totalCount }: PartsPage<Part>) {
  return { nodes, pageInfo: { hasNextPage, endCursor }, totalCount };
}

interface UpdatesArgs {
  readonly jobId?: string | null;
  readonly types?: readonly string[] | null;
  readonly after?: string | null;
}

async function updatesFor(
  { jobId, types, after }: UpdatesArgs,
  { updates, reader, viewerId, isUpToDate, knowsPosition }: Context,
): Promise<AsyncIterable<JobView>> {
  // Who has seen no job yet, as the page on a new server, begins before all positions and misses nothing either.
  if (after && !(await knowsPosition(after))) {
    throw invalidInput('after is not a position of this server: leave it out, and read your jobs anew.');
  }
  if (typeof jobId === 'string' && !reader.job(viewerId, jobId)) {
    throw isUpToDate() ? refused(notFound) : notKnownYet();
  }
  return updates.subscribe({
    ownerId: viewerId,
    jobId: jobId ?? undefined,
    types: someOf(types),
    after: after ?? undefined,
  });
}

/** It may be in what was not read yet. */
const notKnownYet = () => new ReadSideBehindError('say whether there is such a job');

const notFound: Refusal = { refused: true, code: 'JOB_NOT_FOUND', message: 'There is no such job.' };

function accepted<T extends object>(outcome: T | Refusal): T {
  if (isRefusal(outcome)) throw refused(outcome);
  return outcome;
}

/** A job that a command was about; it may have expired since. */
function shown(jobId: string, { reader, viewerId }: Context): Job {
  const view = reader.job(viewerId, jobId);
  if (!view) throw refused(notFound);
  return toJob(view);
}

/** An empty list restricts nothing. */
function someOf(values: readonly string[] | null | undefined): readonly string[] | undefined {
  return values && values.length > 0 ? values : undefined;
}
