import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Where a page ends.' })
export class PageInfo {
  @Field()
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Pass it as `after` to get the next page.' })
  endCursor!: string | null;
}
