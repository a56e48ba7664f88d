import type { JobDefinition } from '../application/job-definition.js';
import { suggestionsStep } from './suggestions-generation.js';
import { syncStep } from './sync.js';

export const syncAndGenerate = {
  type: 'SYNC_AND_GENERATE',
  description: 'Syncs first and then suggests categories; a failed sync ends the job.',
  steps: [syncStep, suggestionsStep],
} satisfies JobDefinition;
