import type { TestProject } from 'vitest/node';
import { EventStoreDbServer } from './eventstoredb-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the EventStoreDB that the tests share, which may hold streams of others; absent where they use none. */
    eventStoreUrl: string | undefined;
  }
}

/** The server at EVENTSTORE_URL, or else one of our own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.EVENTSTORE_URL ?? '';
  if (given !== '') {
    project.provide('eventStoreUrl', given);
    return () => Promise.resolve();
  }
  const server = new EventStoreDbServer({});
  await server.restart();
  project.provide('eventStoreUrl', server.url);
  return () => server.kill();
}
