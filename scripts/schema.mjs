// `npm run schema`: writes schema/schema.graphql anew from the decorated classes; a test fails where it differs.
import { writeFileSync } from 'node:fs';
import { build } from './build.mjs';

await build();
const { printApiSchema } = await import('../dist/schema/build-schema.js');
writeFileSync(new URL('../schema/schema.graphql', import.meta.url), printApiSchema());
