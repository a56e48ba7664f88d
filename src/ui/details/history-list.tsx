import type { JobTransition } from '../api/job-details.js';
import { Instant } from '../parts/instant.js';

export function HistoryList({ history }: { readonly history: readonly JobTransition[] }) {
  return (
    <section className="details-part">
      <h3 id="history-heading">History</h3>
      <ol className="history" aria-labelledby="history-heading">
        {history.map(({ at, message }, index) => (
          <li key={index}>
            <Instant at={at} />
            <span>{message}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
