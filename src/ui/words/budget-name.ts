import type { Budget } from '../api/job.js';
import { strings } from '../strings.js';

/** As long as a server has not been able to ask for a budget's name, it names it by its id, which nobody knows by heart. */
export function budgetName({ id, name }: Budget): string {
  return name === id ? strings.budget.unnamed(id.slice(0, 8)) : name;
}
