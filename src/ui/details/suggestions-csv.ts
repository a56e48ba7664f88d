import Papa from 'papaparse';
import type { Suggestion } from '../api/suggestion-page.js';

/**
 * With a header line and amounts as decimal numbers. A text that a spreadsheet would take for a formula is marked as
 * text: a payee is whatever somebody wrote into a transfer.
 */
export function suggestionsCsv(suggestions: readonly Suggestion[]): string {
  return Papa.unparse(
    suggestions.map(
      ({ date, payee, amount, categoryName, confidence, source, rationale, transactionId }) => ({
        date,
        payee: payee ?? '',
        amount: amount / 100,
        category: categoryName,
        confidence,
        source: source.toLowerCase(),
        why: rationale,
        transaction: transactionId,
      }),
    ),
    { escapeFormulae: true },
  );
}
