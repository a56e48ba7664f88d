import { strings } from '../strings.js';
import { amountText } from '../words/amount-text.js';
import { certaintyOf } from '../words/certainty.js';
import { dateText } from '../words/date-text.js';
import { isAnswered, type SuggestionLine } from './suggestion-line.js';

export function SuggestionRow({ line }: { readonly line: SuggestionLine }) {
  const { date, payee, amount } = line;
  const answer = isAnswered(line) ? line : null;
  const certainty = certaintyOf(answer?.confidence ?? null);
  return (
    <tr role="row">
      <td role="cell" className="suggestion-payee">
        <span>{payee ?? strings.suggestions.noPayee}</span> <time dateTime={date}>{dateText(date)}</time>
      </td>
      <td role="cell" className="suggestion-amount">
        {amountText(amount)}
      </td>
      <td role="cell" className="suggestion-category">
        {answer?.categoryName ?? strings.nothing}
      </td>
      <td role="cell" className={`certainty certainty-${certainty}`}>
        <span>{strings.suggestions.certainty[certainty]}</span>
        {answer && <span> {Math.floor(answer.confidence * 100)}%</span>}
      </td>
      <td role="cell" className="suggestion-why">
        {answer && (
          <>
            {answer.rationale} {answer.source === 'MODEL' && strings.suggestions.fromModel}
          </>
        )}
      </td>
    </tr>
  );
}
