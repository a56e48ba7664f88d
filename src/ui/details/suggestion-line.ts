import type { Suggestion } from '../api/suggestion-page.js';
import type { UnansweredTransaction } from '../api/unanswered-page.js';

/** A line of the table: a suggestion, or a transaction that got none. */
export type SuggestionLine = Suggestion | UnansweredTransaction;

export function isAnswered(line: SuggestionLine): line is Suggestion {
  return 'categoryName' in line;
}

/** What somebody has to look at themselves comes first. */
export function notSureFirst(lines: readonly SuggestionLine[]): readonly SuggestionLine[] {
  return lines.toSorted((a, b) => confidenceOf(a) - confidenceOf(b));
}

/** Nothing is less sure than no answer. */
function confidenceOf(line: SuggestionLine): number {
  return isAnswered(line) ? line.confidence : -1;
}
