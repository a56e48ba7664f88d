import { readFileSync } from 'node:fs';
import { loadConfig, type Config } from './config.js';

/** The configuration that this process was started with; where it is wrong, says what to set, and gives none. */
export function configOfProcess(): Config | undefined {
  const loaded = loadConfig(process.env, { readFile: (file) => readFileSync(file, 'utf8') });
  if ('problems' in loaded) {
    for (const problem of loaded.problems) console.error(problem);
    return undefined;
  }
  for (const warning of loaded.warnings) console.warn(warning);
  return loaded.ok;
}
