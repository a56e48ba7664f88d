import { expect, it } from 'vitest';
import type { Suggestion } from '../../src/ui/api/suggestion-page.js';
import { suggestionsCsv } from '../../src/ui/details/suggestions-csv.js';

const suggestion: Suggestion = {
  transactionId: 't1',
  date: '2026-11-24',
  payee: 'Tesco',
  amount: -6_409,
  categoryName: 'Groceries',
  confidence: 0.92,
  rationale: '43 of 47 earlier, as "Tesco, Ltd" too.',
  source: 'HISTORY',
};

it('has a line for each suggestion, with quotes where they are needed', () => {
  expect(suggestionsCsv([suggestion])).toBe(
    'date,payee,amount,category,confidence,source,why,transaction\r\n' +
      '2026-11-24,Tesco,-64.09,Groceries,0.92,history,"43 of 47 earlier, as ""Tesco, Ltd"" too.",t1',
  );
});

it('has no category for what got no answer', () => {
  const { transactionId, date, payee, amount } = suggestion;
  const [, line] = suggestionsCsv([{ transactionId, date, payee, amount }]).split('\r\n');
  expect(line).toBe('2026-11-24,Tesco,-64.09,,,,,t1');
});

it('keeps a payee from being a formula', () => {
  const [, line] = suggestionsCsv([{ ...suggestion, payee: '=HYPERLINK("http://evil")' }]).split('\r\n');
  expect(line).toContain(`"'=HYPERLINK(""http://evil"")"`);
});
