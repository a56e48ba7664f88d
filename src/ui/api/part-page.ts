import type { TypedDocumentNode } from 'urql';

/** Some of what belongs to a job, in its order. */
interface PartPage<Part> {
  readonly nodes: readonly Part[];
  readonly pageInfo: { readonly endCursor: string | null };
}

/** A page of one kind of what belongs to a job. */
export type PartPageQuery<Part> = TypedDocumentNode<
  { readonly job: { readonly parts: PartPage<Part> } | null },
  { readonly jobId: string; readonly first: number; readonly after: string | null }
>;
