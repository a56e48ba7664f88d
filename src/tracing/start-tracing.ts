import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Logger } from '../application/logger.js';
import type { Tracer } from '../application/tracer.js';
import { OtelTracer } from './otel-tracer.js';
import { LoggedSpanExporter } from './span-exporter.js';

export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what is left, for which it takes a second at most. */
  close(): Promise<void>;
}

/** How long the collector may take to take what is left (milliseconds). */
const lastExportMs = 1_000;

/**
 * Begins to export traces over OTLP/HTTP, in protobuf. Sampling, batches, headers and the names of the resource are as the
 * standard variables of OpenTelemetry say.
 *
 * @param endpoint without a slash at its end; `/v1/traces` is put behind it
 */
export function startTracing(endpoint: string, log: Logger): Tracing {
  // That of traces alone goes before, and is taken as it is.
  const isElsewhere = (process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? '') !== '';
  const exporter = new LoggedSpanExporter(isElsewhere ? undefined : `${endpoint}/v1/traces`, log);
  const named = resourceFromAttributes({ 'service.name': 'actual-jobs' });
  const told = detectResources({ detectors: [serviceInstanceIdDetector, envDetector] });
  const provider = new NodeTracerProvider({
    resource: defaultResource().merge(named).merge(told),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  return {
    tracer: new OtelTracer(),
    close: async () => {
      const patience = new Promise<void>((resolve) => setTimeout(resolve, lastExportMs).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), patience]);
    },
  };
}
