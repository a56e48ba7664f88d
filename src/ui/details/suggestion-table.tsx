import type { Suggestion } from '../api/suggestion-page.js';
import { ColumnHeaders } from '../parts/column-headers.js';
import { SuggestionRow } from './suggestion-row.js';

const columns = ['Payee', 'Amount', 'Category', 'How sure', 'Why'];

export function SuggestionTable({ suggestions }: { readonly suggestions: readonly Suggestion[] }) {
  return (
    <table role="table" className="suggestions cards" aria-labelledby="suggestions-heading">
      <ColumnHeaders names={columns} />
      <tbody role="rowgroup">
        {suggestions.map((suggestion) => (
          <SuggestionRow key={suggestion.transactionId} suggestion={suggestion} />
        ))}
      </tbody>
    </table>
  );
}
