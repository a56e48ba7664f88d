import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from './context.js';
import { Viewer } from './viewer.js';

@Resolver()
export class ViewerResolver {
  @Query(() => Viewer, { description: 'Whoever asks, as the server knows them.' })
  viewer(@Ctx() { viewerId }: Context): Viewer {
    return { id: viewerId };
  }
}
