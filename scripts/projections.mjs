// `npm run projections -- rebuild|verify`: see src/projections-command.ts.
import { build } from './build.mjs';

await build();
await import('../dist/src/projections-command.js');
