import type { JobTransition } from '../api/job-details.js';
import { Instant } from '../parts/instant.js';
import { strings } from '../strings.js';

export function HistoryList({ history }: { readonly history: readonly JobTransition[] }) {
  return (
    <details className="details-part" open>
      <summary>
        <h3 id="history-heading">{strings.details.history}</h3>
      </summary>
      <ol className="history" role="list" aria-labelledby="history-heading">
        {history.map(({ at, message }, index) => (
          <li key={index}>
            <Instant at={at} />
            <span>{message}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
