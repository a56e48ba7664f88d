import { context, propagation, SpanStatusCode, trace, type Context } from '@opentelemetry/api';
import type { Span, SpanOptions, Tracer } from '../application/tracer.js';

/** Tells OpenTelemetry of spans; what becomes of them is up to the provider that was registered. */
export class OtelTracer implements Tracer {
  readonly #tracer = trace.getTracer('actual-jobs');

  span<T>(
    name: string,
    { origin, attributes = {} }: SpanOptions,
    work: (span: Span) => Promise<T>,
  ): Promise<T> {
    const parent = origin === undefined ? context.active() : remote(origin);
    return this.#tracer.startActiveSpan(name, { attributes }, parent, async (span) => {
      const failed = (code: string) => {
        span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR });
      };
      try {
        return await work({ set: (more) => void span.setAttributes(more), failed });
      } catch (error) {
        // What an error says itself may hold a secret.
        failed(error instanceof Error ? error.name : typeof error);
        throw error;
      } finally {
        span.end();
      }
    });
  }

  origin(): string | undefined {
    const carrier: { traceparent?: string } = {};
    propagation.inject(context.active(), carrier);
    return carrier.traceparent;
  }

  continued<T>(origin: string | undefined, work: () => T): T {
    return origin === undefined ? work() : context.with(remote(origin), work);
  }
}

function remote(origin: string): Context {
  return propagation.extract(context.active(), { traceparent: origin });
}
