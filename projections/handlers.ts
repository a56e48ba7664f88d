import type { DomainEvent, Projection, Source, Write } from './projection.js';

export interface Handler {
  readonly projection: Projection;
  readonly handle: (event: DomainEvent, source: Source, write: Write) => void;
}

/** By type of event, all that it means for the projections. */
export function handlersByType(projections: readonly Projection[]): ReadonlyMap<string, readonly Handler[]> {
  const handlers = new Map<string, Handler[]>();
  for (const projection of projections) {
    for (const [type, handle] of Object.entries(projection.on)) {
      // It is called with events of this very type alone.
      const handler = { projection, handle: handle as Handler['handle'] };
      handlers.set(type, [...(handlers.get(type) ?? []), handler]);
    }
  }
  return handlers;
}
