// `npm run backup -- FILE` and `npm run restore -- FILE`: see src/backup-command.ts.
import { build } from './build.mjs';

await build();
await import('../dist/src/backup-command.js');
