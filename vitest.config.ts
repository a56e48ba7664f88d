import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where the counts go that `.ci/run` adds up. */
const report = process.env.TEST_REPORT;

/** Begins with those that start processes: they take longest, and whatever is left at the end has one core for itself. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) =>
      /\/test\/(acceptance|actual|contract|crash|demo|eventstore|fuzz|servers)\//.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  // The file that Node loads: Vite would take the build for bundlers, beside the one that type-graphql loads.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    // What the page says is by the reader's language.
    env: { LC_ALL: 'en_US.UTF-8' },
    sequence: { sequencer: LongestFirst },
    // A condition that is awaited may take its time on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    // Most start processes that write to a disk: seconds on a quiet machine, four times as long on a busy one.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each waits for other processes for a third of its time: so many keep all cores busy.
    maxWorkers: availableParallelism() + 1,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'server',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/browser/**',
            'test/chaos/run/**',
            'test/exploration/**',
            'test/operations/**',
            'test/servers/**',
            'test/contract/eventstoredb-event-store.test.ts',
          ],
          setupFiles: ['test/support/leaks.ts'],
        },
      },
      {
        extends: true,
        test: {
          // What also holds over EventStoreDB, and where several servers share it.
          name: 'eventstoredb',
          include: [
            'test/servers/*.test.ts',
            'test/acceptance/{scenarios,edge-cases,restart,retention}.test.ts',
            'test/contract/eventstoredb-event-store.test.ts',
          ],
          globalSetup: ['test/support/eventstoredb/global-setup.ts'],
          setupFiles: ['test/support/leaks.ts'],
        },
      },
      {
        extends: true,
        test: {
          // Once more, with a model configured.
          name: 'model',
          include: ['test/acceptance/{scenarios,edge-cases}.test.ts'],
          globalSetup: ['test/support/openai/global-setup.ts'],
          setupFiles: ['test/support/leaks.ts'],
        },
      },
      {
        extends: true,
        test: {
          // The same each time, and nothing but computing.
          name: 'exploration',
          include: ['test/exploration/*.test.ts'],
          setupFiles: ['test/support/leaks.ts'],
        },
      },
      {
        extends: true,
        test: {
          // Needs Prometheus.
          name: 'operations',
          include: ['test/operations/*.test.ts'],
          setupFiles: ['test/support/leaks.ts'],
        },
      },
      {
        extends: true,
        test: {
          // `npm run chaos` starts it, and says how many kills.
          name: 'chaos',
          include: ['test/chaos/run/*.test.ts'],
          // It keeps the whole log in its memory.
          execArgv: ['--max-old-space-size=12288'],
          disableConsoleIntercept: true,
          setupFiles: ['test/support/leaks.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          setupFiles: ['test/support/leaks.ts'],
        },
      },
    ],
  },
});
