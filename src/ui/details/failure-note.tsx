import type { Failure } from '../api/failure.js';
import { CopyButton } from '../parts/copy-button.js';
import { strings } from '../strings.js';

export function FailureNote({ failure }: { readonly failure: Failure }) {
  return (
    <div className="failure">
      <p>
        <strong>{failure.message}</strong>
      </p>
      <p>{strings.details.whatToDo(failure.action)}</p>
      <p className="failure-code">
        <code>{failure.code}</code> <CopyButton text={failure.code} label={strings.details.copyCode} />
      </p>
    </div>
  );
}
