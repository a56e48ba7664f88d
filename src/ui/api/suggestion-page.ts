import { gql, type TypedDocumentNode } from 'urql';

export interface Suggestion {
  readonly transactionId: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly payee: string | null;
  /** In cents, negative is spending. */
  readonly amount: number;
  readonly categoryName: string;
  /** From 0 to 1. */
  readonly confidence: number;
  readonly rationale: string;
  readonly source: 'HISTORY' | 'MODEL';
}

export interface SuggestionPage {
  readonly nodes: readonly Suggestion[];
  readonly pageInfo: { readonly endCursor: string | null };
}

/** In the order in which they were given, so that what is loaded stays where it is. */
export const suggestionPageQuery: TypedDocumentNode<
  { readonly job: { readonly suggestions: SuggestionPage } | null },
  { readonly jobId: string; readonly first: number; readonly after: string | null }
> = gql`
  query SuggestionPage($jobId: ID!, $first: Int!, $after: String) {
    job(id: $jobId) {
      suggestions(first: $first, after: $after) {
        nodes {
          transactionId
          date
          payee
          amount
          categoryName
          confidence
          rationale
          source
        }
        pageInfo {
          endCursor
        }
      }
    }
  }
`;
