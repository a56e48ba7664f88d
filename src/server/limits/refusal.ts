import { Counter, type Registry } from 'prom-client';

/** What was met by a client that was refused for it. */
const limitNames = [
  ...(['tokens', 'depth', 'aliases', 'complexity', 'body', 'frame', 'headers'] as const),
  ...(['user_rate', 'address_rate', 'connections', 'subscriptions', 'unread'] as const),
  ...(['request_time', 'connection_init_time'] as const),
];
export type LimitName = (typeof limitNames)[number];

/** To be told of each client that met a limit. */
export type OnRefusal = (limit: LimitName) => void;

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
