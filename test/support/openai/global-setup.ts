import type { TestProject } from 'vitest/node';
import { answeringRows, OpenAiServer } from './openai-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the model that the tests share; absent where history alone suggests. */
    modelUrl: string | undefined;
  }
}

/** A model that says what history says, or else the first category. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await OpenAiServer.start();
  server.does(answeringRows(({ guess }, { categories }) => guess?.category ?? categories[0]?.name));
  project.provide('modelUrl', server.url);
  return () => server.stop();
}
