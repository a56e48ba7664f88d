import type { Suggestion } from '../api/suggestion-page.js';
import { SuggestionRow } from './suggestion-row.js';

const columns = ['Payee', 'Amount', 'Category', 'How sure', 'Why'];

export function SuggestionTable({ suggestions }: { readonly suggestions: readonly Suggestion[] }) {
  return (
    <table role="table" className="suggestions" aria-labelledby="suggestions-heading">
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {suggestions.map((suggestion) => (
          <SuggestionRow key={suggestion.transactionId} suggestion={suggestion} />
        ))}
      </tbody>
    </table>
  );
}
