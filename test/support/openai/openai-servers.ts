import { afterEach } from 'vitest';
import { OpenAiServer } from './openai-server.js';

/** Servers of a test file, stopped after each test. To be called at its top. */
export function openAiServers(): () => Promise<OpenAiServer> {
  const servers: OpenAiServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
  return async () => {
    const server = await OpenAiServer.start();
    servers.push(server);
    return server;
  };
}
