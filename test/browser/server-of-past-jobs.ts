import { startServer, type ServerProcess } from '../support/server-process.js';

/** Of all jobs that such a server has. */
export const budgetId = '11111111-1111-4111-8111-111111111111';

/** A server that shows what was recorded in its DATA_DIR however long ago, and whose jobs of its own come to no end. */
export function startServerOfPastJobs(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  return startServer({
    dataDir,
    env: {
      // Nobody listens there.
      ACTUAL_SERVER_URL: 'http://127.0.0.1:1',
      ACTUAL_PASSWORD: 'x',
      ACTUAL_SYNC_ID: budgetId,
      RETRY_BASE_MS: '60000',
      RETENTION_DAYS: '36500',
      ...env,
    },
  });
}
