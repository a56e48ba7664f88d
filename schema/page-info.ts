import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Where a page ends.' })
export class PageInfo {
  @Field({ description: 'Whether more follows after `endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` to get the next page; null where the page is empty.',
  })
  endCursor!: string | null;
}
