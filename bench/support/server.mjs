// The built server in a process of its own, and a client for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @param {{ env: Record<string, string>, script?: string }} options */
export async function startServer({ env, script = 'dist/src/main.js' }) {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [script], {
    cwd: root,
    env: { PATH, HOME, LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'close');
  let text = '';
  const url = await new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      const ready = /ready at (http\S+)/.exec(text)?.[1];
      if (ready) resolve(ready);
    });
    void exited.then(() => reject(new Error(`The server did not start:\n${text}`)));
  });
  return {
    url,
    pid: child.pid,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await exited;
    },
  };
}

export async function mutate(url, query, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

export function socketClient(url) {
  return createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
  });
}
