import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A file, and what it imports: another file, or anything else by its name. */
type Import = readonly [file: string, imported: string];

interface Verdict {
  readonly summary: {
    readonly violations: readonly { from: string; to: string; rule: { readonly name: string } }[];
  };
}

/** What `npm run imports` has against files that import this, as "file, imported, rule". */
async function objectionsTo(imports: readonly Import[]): Promise<readonly string[]> {
  const folder = tempFolder();
  write(folder, 'tsconfig.json', '{}');
  for (const [file, imported] of imports) {
    const isFile = /\.tsx?$/.test(imported);
    write(folder, file, `import '${isFile ? specifierOf(file, imported) : imported}';\n`);
    if (isFile) write(folder, imported, 'export {};\n');
  }
  const { summary } = JSON.parse(await depcruise(folder)) as Verdict;
  return summary.violations.map(({ from, to, rule }) => `${from}, ${to}, ${rule.name}`);
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text, { flag: 'a' });
}

function specifierOf(file: string, imported: string): string {
  const way = path.posix.relative(path.posix.dirname(file), imported).replace(/\.tsx?$/, '.js');
  return way.startsWith('.') ? way : `./${way}`;
}

function depcruise(folder: string): Promise<string> {
  const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [program, '--config', path.join(root, '.dependency-cruiser.js'), '--output-type', 'json', '.'];
  return new Promise((resolve) => {
    // Its status is the number of violations.
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1e8 }, (_error, stdout) => {
      resolve(stdout);
    });
  });
}

const wrong: readonly (readonly [...Import, rule: string])[] = [
  ['src/domain/job.ts', 'src/application/runner.ts', 'domain-imports-only-what-it-may'],
  ['src/domain/job.ts', 'node:fs', 'domain-is-pure'],
  ['src/eventstore/event-store.ts', 'src/domain/job.ts', 'eventstore-imports-only-what-it-may'],
  ['src/application/runner.ts', 'projections/job-reader.ts', 'application-imports-only-what-it-may'],
  ['src/application/runner.ts', 'src/jobs/sync.ts', 'application-imports-only-what-it-may'],
  ['src/suggestions/back-off.ts', 'src/actual/session.ts', 'suggestions-imports-only-what-it-may'],
  ['src/actual/session.ts', 'src/application/runner.ts', 'actual-imports-only-what-it-may'],
  ['src/demo/demo.ts', 'src/application/runner.ts', 'demo-imports-only-what-it-may'],
  ['src/jobs/sync.ts', 'schema/job.ts', 'jobs-imports-only-what-it-may'],
  ['projections/job-reader.ts', 'src/application/runner.ts', 'projections-imports-only-what-it-may'],
  ['schema/job.ts', 'src/server/http-server.ts', 'schema-imports-only-what-it-may'],
  ['src/server/http-server.ts', 'src/actual/session.ts', 'server-imports-only-what-it-may'],
  ['src/ui/page.tsx', 'src/domain/job.ts', 'ui-imports-only-what-it-may'],
  ['src/config.ts', 'src/application/runner.ts', 'configuration-imports-only-itself'],
  ['src/config.ts', 'src/main.ts', 'nobody-imports-the-composition-root'],
  ['src/domain/job.ts', 'test/support/job-history.ts', 'shipped-code-imports-no-tests'],
  ['src/app.ts', 'src/tracing/start-tracing.ts', 'tracing-is-loaded-where-it-is-wanted'],
  ['src/metrics/metrics.ts', 'src/server/page.ts', 'metrics-imports-only-what-it-may'],
  ['src/tracing/otel-tracer.ts', 'src/domain/job.ts', 'tracing-imports-only-what-it-may'],
  ['src/domain/lane.ts', './nowhere.js', 'imports-resolve'],
];

describe('an import in the wrong direction fails the check:', () => {
  let objections: readonly string[];
  beforeAll(async () => {
    objections = await objectionsTo(wrong.map(([file, imported]) => [file, imported]));
  });

  it.each(wrong)('%s imports %s', (file, imported, rule) => {
    expect(objections).toContain(`${file}, ${imported.replace(/^node:/, '')}, ${rule}`);
  });
});

it('two files that import each other fail the check', async () => {
  const [job, lane] = ['src/domain/job.ts', 'src/domain/lane.ts'];
  const objections = await objectionsTo([
    [job, lane],
    [lane, job],
  ]);
  expect(objections).toEqual([expect.stringMatching(/, no-circles$/)]);
});

it('imports in the direction that is meant are fine', async () => {
  const objections = await objectionsTo([
    ['src/main.ts', 'src/app.ts'],
    ['src/main.ts', 'src/config.ts'],
    ['src/app.ts', 'src/server/http-server.ts'],
    ['src/app.ts', 'src/jobs/sync.ts'],
    ['src/app.ts', 'src/config.ts'],
    ['src/server/http-server.ts', 'schema/job.ts'],
    ['schema/job.ts', 'src/application/runner.ts'],
    ['schema/job.ts', 'projections/job-reader.ts'],
    ['projections/job-reader.ts', 'src/domain/job.ts'],
    ['projections/job-reader.ts', 'src/eventstore/event-store.ts'],
    ['src/jobs/sync.ts', 'src/application/runner.ts'],
    ['src/jobs/sync.ts', 'src/actual/session.ts'],
    ['src/application/runner.ts', 'src/domain/job.ts'],
    ['src/application/runner.ts', 'src/eventstore/event-store.ts'],
  ]);
  expect(objections).toEqual([]);
});
