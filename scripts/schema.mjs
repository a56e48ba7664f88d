// `npm run schema`: writes schema/schema.graphql, docs/api.md and examples/api-types.d.ts anew from the decorated classes; a
// test fails where they differ. `npm run schema -- --release`, once for each release: what is committed is what clients may rely on from then on.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

await build();
const { buildApiSchema, printApiSchema } = await import('../dist/schema/build-schema.js');
const { examplesIn, printApiDocs } = await import('../dist/schema/api-docs.js');
const file = (name) => new URL(`../${name}`, import.meta.url);

writeFileSync(file('schema/schema.graphql'), printApiSchema());
const examples = examplesIn(readFileSync(file('schema/examples.graphql'), 'utf8'));
writeFileSync(file('docs/api.md'), printApiDocs(buildApiSchema(), examples));
execFileSync('npx', ['--no-install', 'gql.tada', 'generate-output'], {
  cwd: fileURLToPath(file('examples')),
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (process.argv.includes('--release'))
  copyFileSync(file('schema/schema.graphql'), file('schema/released.graphql'));
