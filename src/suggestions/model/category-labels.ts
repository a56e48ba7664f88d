import { shownText } from '../shown-text.js';
import type { Category } from '../suggester.js';

/** What the model says where no category fits. */
export const noneOfThese = 'None of these';

/** OpenAI takes at most 15,000 characters in an enum of more than 250 values, and 1,000 values in all. */
const mostCharacters = 14_000;
const mostLabels = 999;
const longestLabel = 80;

/**
 * The names under which a model knows the categories, each once: a category's own name, with its group where several are
 * called alike. They stay so short that all of them fit into an enum of structured outputs.
 *
 * @returns by label, in the order of the categories
 */
export function labelCategories(categories: readonly Category[]): ReadonlyMap<string, Category> {
  const offered = categories.slice(0, mostLabels);
  const longest = Math.min(longestLabel, Math.floor(mostCharacters / Math.max(1, offered.length)));
  const counts = new Map<string, number>();
  for (const { name } of offered) counts.set(name, (counts.get(name) ?? 0) + 1);
  const labels = new Map<string, Category>();
  const taken = new Set([noneOfThese.toLowerCase()]);
  for (const category of offered) {
    const { name, groupName } = category;
    const text = (counts.get(name) ?? 0) > 1 ? `${name} (${groupName})` : name;
    const label = free(shownText(text, longest), longest, taken);
    taken.add(label.toLowerCase());
    labels.set(label, category);
  }
  return labels;
}

/** Two labels that differ in capitals alone would be told apart by few. */
function free(text: string, longest: number, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : ` ${n}`;
    const label = shownText(text, longest - suffix.length) + suffix;
    if (label !== '' && !taken.has(label.toLowerCase())) return label;
  }
}
