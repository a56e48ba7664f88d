import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ReadSideObserver } from './read-side-metrics.js';
import { measureReadSide } from './read-side-metrics.js';
import { countActualErrors } from './actual-metrics.js';
import type { OnActualError } from '../actual/observed-budgets.js';
import type { EventStoreObserver } from '../eventstore/observed-event-store.js';
import { measureEventStore } from './event-store-metrics.js';
import { JobMetrics, type KnownTypes } from './job-metrics.js';
import type { OnRefusal } from '../server/limits/refusal.js';
import { countRefusals } from './refusal-metrics.js';
import { presentStateGauges, type PresentState } from './present-state.js';

/**
 * What is counted in this process since it was started, with what Node and the system tell of it: memory, event loop,
 * garbage collection.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly jobs: JobMetrics;
  readonly onActualError: OnActualError;
  readonly onStoreAnswered: EventStoreObserver['answered'];
  readonly readSide: ReadSideObserver;
  readonly onRefusal: OnRefusal;
  readonly #show: (present: PresentState) => void;

  constructor(types: KnownTypes) {
    collectDefaultMetrics({ register: this.registry });
    this.jobs = new JobMetrics(this.registry, types);
    this.onActualError = countActualErrors(this.registry);
    this.onStoreAnswered = measureEventStore(this.registry);
    this.readSide = measureReadSide(this.registry);
    this.onRefusal = countRefusals(this.registry);
    this.#show = presentStateGauges(this.registry, types.jobTypes);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** All of it, and the present state, in the text format of Prometheus. */
  text(present: PresentState): Promise<string> {
    this.#show(present);
    return this.registry.metrics();
  }
}
