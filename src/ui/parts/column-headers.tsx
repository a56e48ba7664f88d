import type { ReactNode } from 'react';

interface Properties {
  readonly names: readonly string[];
  /** Headers behind those, each a `th`. */
  readonly children?: ReactNode;
}

/** The roles are said because a table that becomes cards (`styles/cards.css`) must stay one for who listens. */
export function ColumnHeaders({ names, children }: Properties) {
  return (
    <thead role="rowgroup">
      <tr role="row">
        {names.map((name) => (
          <th key={name} role="columnheader" scope="col">
            {name}
          </th>
        ))}
        {children}
      </tr>
    </thead>
  );
}
