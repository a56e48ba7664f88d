// `npm run job -- sync|suggest|sync-and-suggest`: see src/job-command.ts.
import { build } from './build.mjs';

await build();
await import('../dist/src/job-command.js');
