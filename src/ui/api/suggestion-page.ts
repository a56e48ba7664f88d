import { gql } from 'urql';
import type { PartPageQuery } from './part-page.js';
import type { UnansweredTransaction } from './unanswered-page.js';

export interface Suggestion extends UnansweredTransaction {
  readonly categoryName: string;
  /** From 0 to 1. */
  readonly confidence: number;
  readonly rationale: string;
  readonly source: 'HISTORY' | 'MODEL';
}

/** In the order in which they were given, so that what is loaded stays where it is. */
export const suggestionPageQuery: PartPageQuery<Suggestion> = gql`
  query SuggestionPage($jobId: ID!, $first: Int!, $after: String) {
    job(id: $jobId) {
      parts: suggestions(first: $first, after: $after) {
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
