import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Logger } from '../application/logger.js';

/** Sends spans to a collector, and says in the log when that fails and when it is over: once each. */
export class LoggedSpanExporter implements SpanExporter {
  readonly #exporter: OTLPTraceExporter;
  readonly #log: Logger;
  #isFine = true;

  /** @param url undefined: where the standard variables say */
  constructor(url: string | undefined, log: Logger) {
    this.#exporter = new OTLPTraceExporter(url === undefined ? {} : { url });
    this.#log = log;
  }

  export(spans: ReadableSpan[], resultCallback: (result: ExportResult) => void): void {
    this.#exporter.export(spans, (result) => {
      this.#told(result.code === ExportResultCode.SUCCESS);
      // It has been told: what the error says besides may quote the collector.
      resultCallback({ code: ExportResultCode.SUCCESS });
    });
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  #told(isFine: boolean): void {
    if (isFine === this.#isFine) return;
    this.#isFine = isFine;
    if (isFine) this.#log.warn({}, 'Traces are exported again');
    else
      this.#log.warn({}, 'Traces cannot be exported to OTEL_EXPORTER_OTLP_ENDPOINT, and are lost meanwhile');
  }
}
