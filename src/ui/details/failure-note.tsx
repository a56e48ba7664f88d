import type { Failure } from '../api/failure.js';
import { CopyButton } from '../parts/copy-button.js';

export function FailureNote({ failure }: { readonly failure: Failure }) {
  return (
    <div className="failure">
      <p>
        <strong>{failure.message}</strong>
      </p>
      <p>What to do: {failure.action}</p>
      <p className="failure-code">
        <code>{failure.code}</code> <CopyButton text={failure.code} label="Copy the code" />
      </p>
    </div>
  );
}
