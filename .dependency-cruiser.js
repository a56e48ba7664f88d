// Which folder may import which: imports flow one way. A folder may always import itself.

/** @type {Record<string, string[]>} each folder, and the folders or files that it may import besides itself */
const mayImport = {
  'src/domain': [],
  'src/eventstore': [],
  'src/application': ['src/domain', 'src/eventstore'],
  'src/suggestions': ['src/domain'],
  // The port that jobs use Actual through speaks of transactions as the suggesters do.
  'src/actual': ['src/domain', 'src/suggestions'],
  // The real Actual server and a budget on it, for who has none yet.
  'src/demo': ['src/actual', 'src/domain'],
  'src/jobs': ['src/application', 'src/actual', 'src/suggestions', 'src/domain'],
  projections: ['src/domain', 'src/eventstore'],
  // The enum of job types follows from the registry.
  schema: [
    'src/application',
    'projections',
    'src/domain',
    'src/jobs/registry.ts',
    'src/jobs/job-definition.ts',
  ],
  // Counts for Prometheus what the ports of the others tell.
  'src/metrics': [
    ...['src/application', 'src/eventstore', 'src/actual', 'src/domain', 'projections'],
    'src/server/limits/refusal.ts',
  ],
  // Tells OpenTelemetry what the port of traces is told.
  'src/tracing': ['src/application'],
  // Where the store's errors get the codes of the API.
  'src/server': [
    'schema',
    'src/application',
    'projections',
    'src/eventstore/event-store-errors.ts',
    'src/eventstore/malformed-event-error.ts',
    'src/name-of-error.ts',
  ],
  // A client like any other.
  'src/job-command': [],
  // The page talks to the server over HTTP only; the playground shows the examples of the schema.
  'src/ui': ['schema/examples.graphql'],
};

/** `main.ts` and the commands are processes, `app.ts` is what runs in the first; the others are parts of it. */
const compositionRoot =
  '^src/(main|[a-z]+-command|app|read-side|write-side|open-(authenticator|event-store|suggester|tracer)|data-dir|present-state-of|start-failure)\\.ts$';
const ours = '^(src|schema|projections|test|bench|scripts)/';
const pathOf = (folderOrFile) => (/\.\w+$/.test(folderOrFile) ? `^${folderOrFile}$` : `^${folderOrFile}/`);

const layerRules = Object.entries(mayImport).map(([layer, others]) => ({
  name: `${layer.replace('src/', '')}-imports-only-what-it-may`,
  severity: 'error',
  comment: others.length === 0 ? 'It imports nothing of ours.' : `It imports only ${others.join(', ')}.`,
  from: { path: pathOf(layer) },
  to: { path: ours, pathNot: [layer, ...others].map(pathOf) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...layerRules,
    {
      name: 'configuration-imports-only-itself',
      severity: 'error',
      comment: 'What lies beside main.ts and app.ts is the configuration; they alone hand its values on.',
      from: { path: '^src/[^/]+$', pathNot: compositionRoot },
      to: { path: ours, pathNot: '^src/[^/]+$' },
    },
    {
      name: 'nobody-imports-the-composition-root',
      severity: 'error',
      comment: 'It is where everything is put together, and nothing else.',
      from: { pathNot: compositionRoot },
      to: { path: compositionRoot },
    },
    {
      name: 'shipped-code-imports-no-tests',
      severity: 'error',
      comment: 'What ships is built without test/, bench/ and scripts/.',
      from: { path: '^(src|schema|projections)/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'server-runs-without-dev-dependencies',
      severity: 'error',
      comment: 'They are not installed where it runs. The page is bundled, so it may use them.',
      from: { path: '^(src|schema|projections)/', pathNot: '^src/ui/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: '^node_modules/@types/' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'Time, ids and I/O come in as data.',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['core', 'npm'], pathNot: '^node_modules/zod/' },
    },
    {
      name: 'tracing-is-loaded-where-it-is-wanted',
      severity: 'error',
      comment:
        'With what it needs it takes a fifth of the time that a start takes: import it with `import()`.',
      from: { path: '^src/', pathNot: '^src/tracing/' },
      to: {
        path: '^(src/tracing|node_modules/@opentelemetry)/',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-circles',
      severity: 'error',
      // Imports of types alone count: two files that need each other's types are one concept, or want a third file.
      comment: 'Move what both need into a file of its own.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      comment: 'The imported file or package does not exist.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '^(dist|data|coverage)/' },
    // Imports of types are imports.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
