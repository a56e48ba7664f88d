/** As the API's documentation draws the lines: what a model says is never sure. */
export type Certainty = 'sure' | 'likely' | 'unsure' | 'none';

const sureFrom = 0.95;
const likelyFrom = 0.6;

/** @param confidence from 0 to 1; null: nobody had an answer */
export function certaintyOf(confidence: number | null): Certainty {
  if (confidence === null) return 'none';
  if (confidence >= sureFrom) return 'sure';
  return confidence >= likelyFrom ? 'likely' : 'unsure';
}
