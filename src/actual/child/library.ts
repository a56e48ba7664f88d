import type * as Api from '@actual-app/api';
import { writeWholeFiles } from './whole-files.js';

/** @actual-app/api keeps one server, one session and one open budget in globals: one of these per process. */
export interface Library {
  readonly api: typeof Api;
  /** What its `init` returns; everything that the API proper leaves out is done through it. */
  readonly lib: Awaited<ReturnType<typeof Api.init>>;
}

/** Loads the library. It keeps hold of the `fetch` that it finds now. Does not talk to the server. */
export async function loadLibrary(dataDir: string, serverURL: string): Promise<Library> {
  writeWholeFiles();
  const api = await import('@actual-app/api');
  // An empty token passes over both ways of logging in: the session comes with the first call that needs it.
  const lib = await api.init({ dataDir, serverURL, sessionToken: '', verbose: false });
  return { api, lib };
}
