import type { Failure } from '../api/job-details.js';

export function FailureNote({ failure }: { readonly failure: Failure }) {
  return (
    <div className="failure">
      <p>
        <strong>{failure.message}</strong>
      </p>
      <p>What to do: {failure.action}</p>
      <p className="muted">{failure.code}</p>
    </div>
  );
}
