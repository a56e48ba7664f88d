import { jobFields, type Job } from './job.js';

export interface JobUpdate {
  readonly jobUpdated: Job;
}

/** Variables: `after`, the greatest position seen. */
export const jobUpdatesSubscription = `
  subscription JobUpdates($after: String!) {
    jobUpdated(after: $after) {
      ...JobFields
    }
  }
  ${jobFields}
`;
