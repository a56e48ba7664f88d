import type { Suggestion } from '../api/suggestion-page.js';
import { amountText } from '../words/amount-text.js';

export function SuggestionItem({ suggestion }: { readonly suggestion: Suggestion }) {
  const { date, payee, amount, categoryName, confidence, rationale } = suggestion;
  return (
    <li>
      <span className="suggestion-payee">{payee ?? 'No payee'}</span>
      <span className="suggestion-amount">{amountText(amount)}</span>
      <span className="suggestion-category">{categoryName}</span>
      <span className="suggestion-confidence">{Math.floor(confidence * 100)}% sure</span>
      <span className="suggestion-rationale">{rationale}</span>
      <time className="suggestion-date" dateTime={date}>
        {date}
      </time>
    </li>
  );
}
