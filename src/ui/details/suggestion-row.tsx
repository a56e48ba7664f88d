import type { Suggestion } from '../api/suggestion-page.js';
import { amountText } from '../words/amount-text.js';
import { certaintyName, certaintyOf } from '../words/certainty.js';
import { dateText } from '../words/date-text.js';

export function SuggestionRow({ suggestion }: { readonly suggestion: Suggestion }) {
  const { date, payee, amount, categoryName, confidence, rationale, source } = suggestion;
  const certainty = certaintyOf(confidence);
  return (
    <tr role="row">
      <td role="cell" className="suggestion-payee">
        <span>{payee ?? 'No payee'}</span> <time dateTime={date}>{dateText(date)}</time>
      </td>
      <td role="cell" className="suggestion-amount">
        {amountText(amount)}
      </td>
      <td role="cell" className="suggestion-category">
        {categoryName}
      </td>
      <td role="cell" className={`certainty certainty-${certainty}`}>
        <span>{certaintyName(certainty)}</span> <span>{Math.floor(confidence * 100)}%</span>
      </td>
      <td role="cell" className="suggestion-why">
        {rationale} <span>{source === 'MODEL' ? 'From the model.' : 'From history.'}</span>
      </td>
    </tr>
  );
}
