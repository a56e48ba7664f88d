/** As the API's documentation draws the lines: what a model says is never sure. */
export type Certainty = 'sure' | 'likely' | 'unsure';

const sureFrom = 0.95;
const likelyFrom = 0.6;

/** @param confidence from 0 to 1 */
export function certaintyOf(confidence: number): Certainty {
  if (confidence >= sureFrom) return 'sure';
  return confidence >= likelyFrom ? 'likely' : 'unsure';
}

const names = { sure: 'Sure', likely: 'Likely', unsure: 'Unsure' } as const satisfies Record<
  Certainty,
  string
>;

export function certaintyName(certainty: Certainty): string {
  return names[certainty];
}
