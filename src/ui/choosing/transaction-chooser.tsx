import { useEffect, useRef, useState } from 'react';
import { useQuery } from 'urql';
import { useDebounce } from 'use-debounce';
import { errorSentence } from '../api/error-sentence.js';
import { uncategorizedQuery } from '../api/uncategorized.js';
import { Problem } from '../parts/problem.js';
import { strings } from '../strings.js';
import { ChoiceTable } from './choice-table.js';

const mostShown = 200;
/** Who types has stopped for a moment. */
const pauseMs = 200;

interface Properties {
  readonly budgetId: string;
  /** What they have changed is looked at. */
  readonly endedJobs: number;
  readonly onSuggest: (transactionIds: readonly string[]) => void;
}

/** Transactions without a category, to choose those that suggestions are wanted for. */
export function TransactionChooser({ budgetId, endedJobs, onSuggest }: Properties) {
  const [text, setText] = useState('');
  const [search] = useDebounce(text, pauseMs);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [{ data, error, fetching }, lookAgain] = useQuery({
    query: uncategorizedQuery,
    variables: { budgetId, search, first: mostShown },
    requestPolicy: 'network-only',
  });
  const seenJobs = useRef(endedJobs);
  useEffect(() => {
    if (seenJobs.current === endedJobs) return;
    seenJobs.current = endedJobs;
    lookAgain();
  }, [endedJobs, lookAgain]);
  const found = data?.uncategorized;
  const hidden = found ? found.totalCount - found.nodes.length : 0;
  const suggest = () => {
    if (chosen.size > 0) onSuggest([...chosen]);
  };
  return (
    <section className="chooser" aria-labelledby="chooser-heading">
      <h2 id="chooser-heading">{strings.choosing.title}</h2>
      <div className="chooser-tools">
        <label className="choice">
          {strings.choosing.search}
          <input
            type="search"
            maxLength={200}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <button
          type="button"
          className={chosen.size > 0 ? 'button-main' : undefined}
          aria-disabled={chosen.size === 0}
          onClick={suggest}
        >
          {strings.choosing.suggest(chosen.size)}
        </button>
      </div>
      <p aria-live="polite" className="muted">
        {found && strings.choosing.found(found.totalCount, search !== '')}
        {hidden > 0 && ` ${strings.choosing.more(mostShown)}`}
        {found === undefined && fetching && strings.choosing.looking}
      </p>
      {found && found.nodes.length > 0 && (
        <ChoiceTable transactions={found.nodes} chosen={chosen} onChoose={setChosen} />
      )}
      {found === null && (
        <p>
          {strings.choosing.unknown}{' '}
          <button type="button" aria-disabled={fetching} onClick={() => lookAgain()}>
            {strings.choosing.lookAgain}
          </button>
        </p>
      )}
      {error && <Problem text={errorSentence(error)} />}
    </section>
  );
}
