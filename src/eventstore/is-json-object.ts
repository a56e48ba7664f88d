import type { JsonObject } from './event-store.js';

/** Others may have written something else: a list, a number, bytes. */
export function isJsonObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
