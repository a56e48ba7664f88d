import {
  Kind,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';
import type { QueryLimits } from './limits.js';
import { QueryTooComplexError } from './query-too-complex-error.js';

/** A rule of validation: neither too deep nor too many aliases, counted in the document as it was sent. */
export function queryLimitRule(limits: Pick<QueryLimits, 'depth' | 'aliases'>): ValidationRule {
  return (context) => {
    let aliases = 0;
    return {
      Field(field) {
        if (!field.alias) return;
        aliases += 1;
        if (aliases !== limits.aliases + 1) return;
        const message = `The request renames more than ${limits.aliases} fields: ask in several requests.`;
        context.reportError(new QueryTooComplexError('ALIASES', message, field));
      },
      OperationDefinition(operation) {
        const fragmentOf = (name: string) => context.getFragment(name) ?? undefined;
        if (depthOf(operation.selectionSet, fragmentOf) <= limits.depth) return;
        const message = `The request is nested more than ${limits.depth} levels deep: ask for less at once.`;
        context.reportError(new QueryTooComplexError('DEPTH', message, operation));
      },
    };
  };
}

/** Each fragment is looked at once, however often it is used, and a circle of them ends: another rule finds fault with it. */
function depthOf(
  selectionSet: SelectionSetNode,
  fragmentOf: (name: string) => FragmentDefinitionNode | undefined,
): number {
  const known = new Map<string, number>();
  const ofSet = ({ selections }: SelectionSetNode): number =>
    1 + Math.max(0, ...selections.map((selection) => ofSelection(selection)));
  const ofSelection = (selection: SelectionNode): number => {
    if (selection.kind !== Kind.FRAGMENT_SPREAD)
      return selection.selectionSet ? ofSet(selection.selectionSet) : 0;
    const name = selection.name.value;
    const depth = known.get(name);
    if (depth !== undefined) return depth;
    known.set(name, 0);
    const fragment = fragmentOf(name);
    const found = fragment ? ofSet(fragment.selectionSet) : 0;
    known.set(name, found);
    return found;
  };
  return ofSet(selectionSet);
}
