import Papa from 'papaparse';
import { isAnswered, type SuggestionLine } from './suggestion-line.js';

/**
 * With a header line and amounts as decimal numbers; what got no answer has no category. A text that a spreadsheet would
 * take for a formula is marked as text: a payee is whatever somebody wrote into a transfer.
 */
export function suggestionsCsv(lines: readonly SuggestionLine[]): string {
  return Papa.unparse(
    lines.map((line) => {
      const answer = isAnswered(line) ? line : null;
      return {
        date: line.date,
        payee: line.payee ?? '',
        amount: line.amount / 100,
        category: answer?.categoryName ?? '',
        confidence: answer?.confidence ?? '',
        source: answer?.source.toLowerCase() ?? '',
        why: answer?.rationale ?? '',
        transaction: line.transactionId,
      };
    }),
    { escapeFormulae: true },
  );
}
