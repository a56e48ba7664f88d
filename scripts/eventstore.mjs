// `npm run eventstore -- copy`: see src/eventstore-command.ts.
import { build } from './build.mjs';

await build();
await import('../dist/src/eventstore-command.js');
