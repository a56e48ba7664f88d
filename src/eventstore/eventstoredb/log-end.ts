import { BACKWARDS, END, type Position as LogPosition } from '@eventstore/db-client';
import type { Connection } from './connection.js';

/** Of the last event in the log, whoever wrote it; undefined where there is none. */
export async function lastPositionIn(connection: Connection): Promise<LogPosition | undefined> {
  const [last] = await connection.readAll(() =>
    connection.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }),
  );
  return last?.event?.position;
}
