import type { UncategorizedTransaction } from '../api/uncategorized.js';
import { strings } from '../strings.js';
import { amountText } from '../words/amount-text.js';
import { dateText } from '../words/date-text.js';

const { choose, payee, amount, account } = strings.choosing;

interface Properties {
  readonly transactions: readonly UncategorizedTransaction[];
  /** Their ids; of others, too, that are not shown now. */
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

export function ChoiceTable({ transactions, chosen, onChoose }: Properties) {
  const ids = transactions.map(({ transactionId }) => transactionId);
  const areAllChosen = ids.every((id) => chosen.has(id));
  const change = (changed: readonly string[], areWanted: boolean) => {
    const others = [...chosen].filter((id) => !changed.includes(id));
    onChoose(new Set(areWanted ? [...others, ...changed] : others));
  };
  return (
    <div className="choices-frame">
      <table className="choices" aria-labelledby="chooser-heading">
        <thead>
          <tr>
            <th scope="col">
              <input
                type="checkbox"
                aria-label={strings.choosing.all}
                checked={areAllChosen}
                onChange={(event) => change(ids, event.target.checked)}
              />
            </th>
            <th scope="col">{payee}</th>
            <th scope="col" className="choice-amount">
              {amount}
            </th>
            <th scope="col">{account}</th>
          </tr>
        </thead>
        <tbody>
          {transactions.map((one) => (
            <tr key={one.transactionId}>
              <td>
                <input
                  type="checkbox"
                  id={`choice-${one.transactionId}`}
                  aria-label={choose(
                    one.payee ?? strings.suggestions.noPayee,
                    amountText(one.amount),
                    dateText(one.date),
                  )}
                  checked={chosen.has(one.transactionId)}
                  onChange={(event) => change([one.transactionId], event.target.checked)}
                />
              </td>
              <td>
                <label htmlFor={`choice-${one.transactionId}`}>
                  {one.payee ?? strings.suggestions.noPayee}
                </label>{' '}
                <time dateTime={one.date}>{dateText(one.date)}</time>
              </td>
              <td className="choice-amount">{amountText(one.amount)}</td>
              <td>{one.accountName}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
