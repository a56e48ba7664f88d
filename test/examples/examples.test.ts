import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import jinja from 'nunjucks';
import { parse } from 'yaml';
import { sync } from '../../examples/client.js';
import { openHousehold, type Household } from '../support/household.js';
import { tokenOf, tokenSecret } from '../support/signed-token.js';
import { tempFolders } from '../support/temp-folder.js';

/** What stands in examples/ is carried out, against the real server where users sign in. */

const tempFolder = tempFolders();
let household: Household;
let token: string;

beforeAll(async () => {
  household = await openHousehold({ env: { AUTH_JWT_SECRET: tokenSecret, MAX_STEP_ATTEMPTS: '1' } });
  token = await tokenOf('alice');
});

afterAll(() => household.close());

const pathOf = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const textOf = (name: string) => readFileSync(pathOf(name), 'utf8');

describe('the script with curl', () => {
  async function run(env: Record<string, string> = {}) {
    const { PATH = '' } = process.env;
    const child = spawn(pathOf('sync-and-wait.sh'), {
      env: { PATH, ACTUAL_JOBS_URL: household.server.url, ACTUAL_JOBS_TOKEN: token, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const [status] = (await once(child, 'close')) as [number];
    return { status, output };
  }

  it('says nothing where the sync has succeeded', async () => {
    expect(await run()).toEqual({ status: 0, output: '' });
  });

  it('says why, and what to do, where it failed', async () => {
    household.gate.refuse();
    const ended = await run();
    household.gate.open();

    expect(ended).toEqual({
      status: 1,
      output: expect.stringMatching(/^The connection to \S+ was closed .+\. Retry; .+\n$/) as string,
    });
  });

  it('says why it was refused', async () => {
    expect(await run({ ACTUAL_JOBS_TOKEN: 'wrong' })).toEqual({
      status: 2,
      output: 'This token is not valid here: sign in again. (UNAUTHENTICATED)\n',
    });
  });

  it('says where nobody answers', async () => {
    const { status, output } = await run({ ACTUAL_JOBS_URL: 'http://127.0.0.1:1' });
    expect(status).toBe(3);
    expect(output).toMatch(/^curl: \(7\)/);
  });
});

describe('the client in TypeScript', () => {
  it('knows the API as it is: run `npm run schema` after a change', () => {
    const file = path.join(tempFolder(), 'api-types.d.ts');
    const args = ['--no-install', 'gql.tada', 'generate-output', '-c', pathOf('tsconfig.json'), '-o', file];
    execFileSync('npx', args, { cwd: pathOf('..'), stdio: 'ignore' });

    expect(textOf('api-types.d.ts')).toBe(readFileSync(file, 'utf8'));
  });

  it('is shorter than sixty lines', () => {
    expect(textOf('client.ts').trim().split('\n').length).toBeLessThan(60);
  });

  it('sees the end of a sync, although its connection is lost and the server is started anew', async () => {
    const port = new URL(household.server.url).port;
    const held = household.gate.hold();
    const states: string[] = [];
    for await (const { status } of sync(household.server.url, token)) {
      states.push(status);
      if (states.length > 1) continue;
      await held;
      await household.restart({ signal: 'SIGKILL', env: { PORT: port } });
      household.gate.open();
    }

    expect(states.at(-1)).toBe('SUCCEEDED');
  });

  it('says why it was refused', async () => {
    await expect(sync(household.server.url, 'wrong').next()).rejects.toThrow('This token is not valid here');
  });
});

describe('what has it run each night', () => {
  it.each(['crontab', 'actual-jobs-sync.service'])('runs the script that there is: %s', (name) => {
    expect(textOf(name)).toMatch(/\/opt\/actual-jobs\/examples\/sync-and-wait\.sh$/m);
  });

  it('is a timer of the service that stands beside it', () => {
    expect(textOf('actual-jobs-sync.timer')).toMatch(/^OnCalendar=\*-\*-\* 03:15$/m);
    expect(textOf('actual-jobs-sync.service')).toMatch(/^Type=oneshot$/m);
  });
});

interface HomeAssistant {
  readonly rest: readonly {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly payload: string;
    readonly sensor: readonly {
      readonly value_template: string;
      readonly json_attributes: readonly string[];
    }[];
  }[];
  readonly rest_command: {
    readonly actual_budget_sync: {
      readonly method: string;
      readonly content_type: string;
      readonly payload: string;
    };
  };
}

describe('Home Assistant', () => {
  const { rest, rest_command: commands } = parse(textOf('home-assistant.yaml')) as HomeAssistant;

  async function ask(method: string, contentType: string, body: string): Promise<unknown> {
    const headers = { 'content-type': contentType, authorization: `Bearer ${token}` };
    return (await fetch(`${household.server.url}/graphql`, { method, headers, body })).json();
  }

  const [resource] = rest;
  const [sensor] = resource?.sensor ?? [];
  const look = () =>
    ask(resource?.method ?? '', resource?.headers['Content-Type'] ?? '', resource?.payload ?? '');
  const shown = (seen: unknown) => jinja.renderString(sensor?.value_template ?? '', { value_json: seen });

  it('says that there is none yet, before the first sync', () => {
    expect(shown({ data: { jobs: { nodes: [] } } })).toBe('NONE');
  });

  it('starts a sync by its command, and its sensor finds the state where it looks for it', async () => {
    const { method, content_type: contentType, payload } = commands.actual_budget_sync;
    expect(await ask(method, contentType, payload)).toEqual({ data: { startJob: { created: true } } });

    await expect.poll(async () => shown(await look())).toBe('SUCCEEDED');
    const seen = (await look()) as { data: { jobs: { nodes: unknown[] } } };
    for (const attribute of sensor?.json_attributes ?? [])
      expect(seen.data.jobs.nodes[0]).toHaveProperty(attribute);
  });
});
