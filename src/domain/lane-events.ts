import { z } from 'zod';
import { jobRequestSchema } from './job-request.js';

const happened = { v: z.literal(1), at: z.iso.datetime() };

export const laneEventSchema = z.discriminatedUnion('type', [
  /**
   * A job was let into the budget's queue, behind those that are there. Holds the whole request, so that the
   * job can be queued by whoever finds that its first event was never written.
   */
  z.object({ type: z.literal('JobAdmitted'), ...happened, jobId: z.string(), request: jobRequestSchema }),
  /** The job ended, or was found to belong elsewhere; the next one in the lane may run. */
  z.object({ type: z.literal('JobReleased'), ...happened, jobId: z.string() }),
]);

export type LaneEvent = z.infer<typeof laneEventSchema>;
