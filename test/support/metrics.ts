import parse from 'parse-prometheus-text-format';

export type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** What a server tells Prometheus at some moment. */
export class Scrape {
  readonly #samples: readonly Sample[];

  constructor(text: string) {
    // The parser puts a histogram together and loses its labels; without its type each line is a sample of its own.
    const samples = text.replace(/^# TYPE \S+ (histogram|summary)$/gm, '').replace(/^# HELP .*$/gm, '');
    this.#samples = parse(samples).flatMap(({ name, metrics }) =>
      metrics.map(({ value, labels = {} }) => ({ name, labels, value: Number(value) })),
    );
  }

  get names(): ReadonlySet<string> {
    return new Set(this.#samples.map(({ name }) => name));
  }

  /** The sum of all samples with this name and these labels, whatever other labels they have; undefined: there is none. */
  value(name: string, labels: Labels = {}): number | undefined {
    const found = this.#samples.filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
  }

  /** The values of those that are not 0, by the values of their labels, joined with a space. */
  nonZero(name: string): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.#samples
        .filter((sample) => sample.name === name && sample.value !== 0)
        .map(({ labels, value }) => [Object.values(labels).join(' '), value]),
    );
  }

  /** Names, in their order; without the one that makes buckets of a histogram. */
  labelsOf(name: string): readonly string[] {
    const labels = this.#samples.find((sample) => sample.name === name)?.labels ?? {};
    return Object.keys(labels)
      .filter((label) => label !== 'le')
      .sort();
  }

  /** The values that a label has anywhere. */
  valuesOf(label: string): ReadonlySet<string> {
    return new Set(this.#samples.flatMap(({ labels }) => labels[label] ?? []));
  }
}

export async function scrape(serverUrl: string): Promise<Scrape> {
  const response = await fetch(new URL('/metrics', serverUrl));
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`);
  return new Scrape(await response.text());
}
