import { gql } from 'urql';
import type { PartPageQuery } from './part-page.js';

/** A transaction that nobody had an answer for. */
export interface UnansweredTransaction {
  readonly transactionId: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly payee: string | null;
  /** In cents, negative is spending. */
  readonly amount: number;
}

export const unansweredPageQuery: PartPageQuery<UnansweredTransaction> = gql`
  query UnansweredPage($jobId: ID!, $first: Int!, $after: String) {
    job(id: $jobId) {
      parts: unanswered(first: $first, after: $after) {
        nodes {
          transactionId
          date
          payee
          amount
        }
        pageInfo {
          endCursor
        }
      }
    }
  }
`;
