const numbers = new WeakMap<object, number>();
const byText = new Map<string, number>();

/** A short name of a value that never changes: equal for equal values alone. */
export function numberOf<T extends object>(value: T, write: (value: T) => string = JSON.stringify): number {
  const known = numbers.get(value);
  if (known !== undefined) return known;
  const text = write(value);
  const number = byText.get(text) ?? byText.size;
  byText.set(text, number);
  numbers.set(value, number);
  return number;
}
