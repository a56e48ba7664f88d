import { createElement, Fragment, type ReactNode } from 'react';

/** A sentence with elements in it, such as a time. */
export function sentence(...parts: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...parts);
}
