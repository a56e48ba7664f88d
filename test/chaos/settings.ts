import { z } from 'zod';

/** What `npm run chaos` was told, as it hands it on in the environment. */
const settingsSchema = z.object({
  /** So many jobs at least; 0: as many as come of the kills. */
  CHAOS_JOBS: z.coerce.number().int().min(0),
  CHAOS_KILLS: z.coerce.number().int().min(1),
  CHAOS_STORE: z.enum(['sqlite', 'eventstoredb']),
  CHAOS_SERVERS: z.coerce.number().int().min(1).max(2),
  CHAOS_SEED: z.coerce.number().int().min(0),
});

export function readSettings(env: NodeJS.ProcessEnv) {
  const settings = settingsSchema.parse(env);
  return {
    jobs: settings.CHAOS_JOBS,
    kills: settings.CHAOS_KILLS,
    store: settings.CHAOS_STORE,
    servers: settings.CHAOS_SERVERS,
    seed: settings.CHAOS_SEED,
    // Each look at everything takes longer than the one before.
    killsARound: Math.max(10, Math.round(settings.CHAOS_KILLS / (settings.CHAOS_JOBS > 0 ? 10 : 40))),
  };
}
