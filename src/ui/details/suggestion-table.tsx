import { ColumnHeaders } from '../parts/column-headers.js';
import { strings } from '../strings.js';
import type { SuggestionLine } from './suggestion-line.js';
import { SuggestionRow } from './suggestion-row.js';

const { payee, amount, category, howSure, why } = strings.suggestions;
const columns = [payee, amount, category, howSure, why];

export function SuggestionTable({ lines }: { readonly lines: readonly SuggestionLine[] }) {
  return (
    <table role="table" className="suggestions cards" aria-labelledby="suggestions-heading">
      <ColumnHeaders names={columns} />
      <tbody role="rowgroup">
        {lines.map((line) => (
          <SuggestionRow key={line.transactionId} line={line} />
        ))}
      </tbody>
    </table>
  );
}
