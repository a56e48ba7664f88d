import { Ctx, Query, Resolver } from 'type-graphql';
import { Budget } from './budget.js';
import type { Context } from './context.js';
import { Viewer } from './viewer.js';

@Resolver()
export class ViewerResolver {
  @Query(() => Viewer, { description: 'Whoever asks, as the server knows them.' })
  viewer(@Ctx() { viewerId }: Context): Viewer {
    return { id: viewerId };
  }

  @Query(() => [Budget], { description: 'The budgets that jobs can be started for.' })
  budgets(@Ctx() { budgets, viewerId }: Context): readonly Budget[] {
    return budgets.list(viewerId);
  }
}
