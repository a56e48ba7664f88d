import type { JobType } from '../api/job.js';
import { strings } from '../strings.js';

const names: Readonly<Record<string, string>> = strings.jobTypes;

export const jobTypes: readonly JobType[] = Object.keys(names);

/** Of a job or of a step; a type that the page does not know yet keeps its own words. */
export function jobTypeName(type: JobType): string {
  return names[type] ?? type.toLowerCase().replaceAll('_', ' ');
}
