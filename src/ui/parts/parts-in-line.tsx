import { Fragment } from 'react';

/** Beside each other with a dot between two; where there is no room, below each other without. */
export function PartsInLine({ parts }: { readonly parts: readonly string[] }) {
  return (
    <span className="parts">
      {parts.map((part, nth) => (
        <Fragment key={nth}>
          {nth > 0 && ' '}
          <span>{part}</span>
        </Fragment>
      ))}
    </span>
  );
}
