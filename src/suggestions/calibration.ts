const binCount = 12;
/** What is left of what a bin remembers at each new transaction in it: it knows about the last 200. */
const kept = 0.995;
/** However often it was right: some day somebody decides otherwise. */
const highest = 0.995;
/** As many transactions at which the probability is taken to be right. */
const trust = 15;

/** Corrects probabilities by how often earlier predictions of about the same probability were right. */
export class Calibration {
  readonly #bins = Array.from({ length: binCount }, () => ({ predictions: 0, right: 0, expected: 0 }));

  /** How often a prediction of this probability is right, from 0 to nearly 1. */
  confidenceOf(probability: number): number {
    const { predictions, right, expected } = this.#binOf(probability);
    const confidence = probability + (right - expected) / (predictions + trust);
    return Math.min(highest, Math.max(0, confidence));
  }

  record(probability: number, wasRight: boolean): void {
    const bin = this.#binOf(probability);
    bin.predictions = bin.predictions * kept + 1;
    bin.right = bin.right * kept + (wasRight ? 1 : 0);
    bin.expected = bin.expected * kept + probability;
  }

  #binOf(probability: number) {
    const bin = this.#bins[Math.min(binCount - 1, Math.floor(probability * binCount))];
    if (!bin) throw new RangeError(`A probability is from 0 to 1, not ${probability}`);
    return bin;
  }
}
