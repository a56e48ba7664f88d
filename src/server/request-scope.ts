import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What the log says of each line that a request causes while somebody waits for its answer. */
export interface RequestScope {
  readonly requestId: string;
}

const scopes = new AsyncLocalStorage<RequestScope>();

export function newRequestScope(): RequestScope {
  return { requestId: randomUUID() };
}

export function inRequest<T>(scope: RequestScope, work: () => T): T {
  return scopes.run(scope, work);
}

/** Undefined where nobody's request is worked on. */
export function currentRequest(): RequestScope | undefined {
  return scopes.getStore();
}
