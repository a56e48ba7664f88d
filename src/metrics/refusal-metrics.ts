import { Counter, type Registry } from 'prom-client';
import { limitNames, type OnRefusal } from '../server/limits/refusal.js';

/** Counts what was refused, by the limit that was met. */
export function countRefusals(registry: Registry): OnRefusal {
  const refusals = new Counter({
    name: 'actual_jobs_refused_total',
    help: 'Requests, messages and connections that were refused because of a limit.',
    labelNames: ['limit'],
    registers: [registry],
  });
  for (const limit of limitNames) refusals.inc({ limit }, 0);
  return (limit) => refusals.inc({ limit });
}
