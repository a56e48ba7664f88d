import type { Logger } from './application/logger.js';
import { untraced } from './application/tracer.js';
import type { Config } from './config.js';
import type { Tracing } from './tracing/start-tracing.js';

/** Traces where somebody collects them. */
export async function openTracer(
  { tracesEndpoint }: Pick<Config, 'tracesEndpoint'>,
  log: Logger,
): Promise<Tracing> {
  if (tracesEndpoint === undefined) return { tracer: untraced, close: () => Promise.resolve() };
  // Loaded where it is used: nobody else waits for it.
  const { startTracing } = await import('./tracing/start-tracing.js');
  return startTracing(tracesEndpoint, log);
}
