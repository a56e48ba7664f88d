declare module 'parse-prometheus-text-format' {
  export default function parsePrometheusTextFormat(text: string): readonly {
    readonly name: string;
    readonly metrics: readonly {
      readonly value: string;
      readonly labels?: Readonly<Record<string, string>>;
    }[];
  }[];
}
