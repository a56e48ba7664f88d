/** @param {readonly number[]} values @param {number} p from 0 to 1 */
export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)];
}

export const median = (values) => percentile(values, 0.5);

export const ms = (value) => `${value.toFixed(1)} ms`;

/** One line: what was wanted, and whether it was reached. */
export function verdict(name, value, bound, unit = '') {
  const word = value <= bound ? 'reached' : 'MISSED';
  console.log(`${name}: ${value.toFixed(2)}${unit} (wanted <= ${bound.toFixed(2)}${unit}): ${word}`);
}
