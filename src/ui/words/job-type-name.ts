import type { JobType } from '../api/job.js';

const names: Readonly<Record<string, string>> = {
  SYNC: 'Sync',
  SUGGESTIONS_GENERATION: 'Suggestions Generation',
  SYNC_AND_GENERATE: 'Sync and Generate',
};

export const jobTypes: readonly JobType[] = Object.keys(names);

/** Of a job or of a step; a type that the page does not know yet keeps its own words. */
export function jobTypeName(type: JobType): string {
  return names[type] ?? type.toLowerCase().replaceAll('_', ' ');
}
