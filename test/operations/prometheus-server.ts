import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { vi } from 'vitest';

/** A real Prometheus that reads the metrics of a server every second. */
export interface PrometheusServer {
  /** `name label=value ...` of each alert that fires, without its severity, in order. */
  firing(): Promise<readonly string[]>;
  /** Rejects where it is no expression. Resolves with the number of series that it gives now. */
  query(expression: string): Promise<number>;
  close(): Promise<void>;
}

export interface PrometheusOptions {
  readonly folder: string;
  /** Text of a rule file. */
  readonly rules: string;
  readonly serverUrl: string;
}

const program = process.env.PROMETHEUS_PATH ?? 'prometheus';

export async function startPrometheus({
  folder,
  rules,
  serverUrl,
}: PrometheusOptions): Promise<PrometheusServer> {
  writeFileSync(path.join(folder, 'alerts.yml'), rules);
  writeFileSync(
    path.join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [alerts.yml]
scrape_configs:
  - job_name: actual-jobs
    static_configs: [{ targets: ['${new URL(serverUrl).host}'] }]
`,
  );
  const port = await freePort();
  const child = spawn(
    program,
    [
      `--config.file=${path.join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const ask = async (what: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${what}`);
    const answer = (await response.json()) as { status: string; error?: string; data: unknown };
    if (answer.status !== 'success') throw new Error(`${what}: ${answer.error ?? ''}`);
    return answer.data;
  };
  await vi.waitFor(() => ask('status/runtimeinfo'), { timeout: 20_000 });
  return {
    firing: async () => {
      const { alerts } = (await ask('alerts')) as {
        alerts: readonly { readonly state: string; readonly labels: Readonly<Record<string, string>> }[];
      };
      return alerts
        .filter(({ state }) => state === 'firing')
        .map(({ labels: { alertname = '', severity: _severity, instance: _instance, ...labels } }) =>
          [alertname, ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)].join(' '),
        )
        .sort();
    },
    query: async (expression) => {
      const { result } = (await ask(`query?query=${encodeURIComponent(expression)}`)) as {
        result: readonly unknown[];
      };
      return result.length;
    },
    close: async () => {
      child.kill();
      await exited;
    },
  };
}

/** Prometheus does not tell which one it took. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
