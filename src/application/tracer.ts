/**
 * Follows what belongs together over processes and restarts: a trace, which consists of spans. `origin` is a
 * `traceparent` as W3C Trace Context has it.
 */
export interface Tracer {
  /**
   * Does work as a span of the trace that `origin` belongs to; where that is undefined, of the one under way here.
   * A rejection is noted, and passed on.
   */
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;

  /** Of the span under way; undefined where nothing is traced. */
  origin(): string | undefined;

  /** Does work as a part of the trace that somebody else has begun. */
  continued<T>(origin: string | undefined, work: () => T): T;
}

export interface SpanOptions {
  readonly origin?: string | undefined;
  readonly attributes?: Attributes;
}

export interface Span {
  /** More that is known of it by now. */
  set(attributes: Attributes): void;
  /** It did not reach its goal; `code` is what users are told. */
  failed(code: string): void;
}

/** No secrets, and nobody's name. */
type Attributes = Readonly<Record<string, string | number | boolean>>;

const untracedSpan: Span = { set: () => undefined, failed: () => undefined };

/** Where nobody wants traces. */
export const untraced: Tracer = {
  span: (_name, _options, work) => work(untracedSpan),
  origin: () => undefined,
  continued: (_origin, work) => work(),
};
