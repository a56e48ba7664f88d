import { gql, type TypedDocumentNode } from 'urql';
import type { UnansweredTransaction } from './unanswered-page.js';

/** Has no category, and may be given one. */
export interface UncategorizedTransaction extends UnansweredTransaction {
  readonly accountName: string;
}

export interface Uncategorized {
  /** The newest of them. */
  readonly nodes: readonly UncategorizedTransaction[];
  readonly totalCount: number;
}

/** Null: nobody can tell now. */
export const uncategorizedQuery: TypedDocumentNode<
  { readonly uncategorized: Uncategorized | null },
  { readonly budgetId: string; readonly search: string; readonly first: number }
> = gql`
  query Uncategorized($budgetId: ID!, $search: String!, $first: Int!) {
    uncategorized(budgetId: $budgetId, search: $search, first: $first) {
      nodes {
        transactionId
        date
        payee
        amount
        accountName
      }
      totalCount
    }
  }
`;
