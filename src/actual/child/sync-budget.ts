import { z } from 'zod';
import type { SyncResult } from '../../domain/step-outcome.js';
import { ownSituation, SituationError, situation } from '../situation.js';
import { storageCodeIn } from '../storage-fault.js';
import type { LocalCopy } from './local-copy.js';

/** A sync posts what is due of the schedules, once a day; that is sent by another, which posts nothing. */
const MAX_ROUNDS = 3;

/**
 * Syncs the open budget both ways. Counted is what has come and gone since the last result: messages in the
 * sense of the sync protocol (one for each changed field). What a first download held already is not
 * counted, only what was received on top of it.
 */
export async function syncBudget(copy: LocalCopy): Promise<Omit<SyncResult, 'durationMs'>> {
  const { lib } = copy.library;
  await copy.loadKey();
  const me = clientId(copy);
  const sentUpTo = (await copy.preferences()).lastSyncedTimestamp ?? '';
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const outcome = await lib.send('sync');
    if ('error' in outcome) throw new SituationError(situationOf(outcome.error));
    // Writes wait for each other in the library: when this empty one is done, the posting of schedules is.
    await lib.send('transactions-batch-update', {});
    const synced = (await copy.preferences()).lastSyncedTimestamp ?? '';
    if (writtenHere(copy, me, synced) === 0) break;
  }
  const result = {
    ...received(copy, me),
    kind: 'SYNC' as const,
    messagesSent: writtenHere(copy, me, sentUpTo),
  };
  copy.reported.report(copy.lastMessage());
  return result;
}

const metaSchema = z.object({ error: z.object({ message: z.string() }) });

function situationOf(error: { readonly message: string; readonly reason?: string; readonly meta?: unknown }) {
  const cause = metaSchema.safeParse(error.meta).data?.error.message ?? '';
  const detail = 'sync';
  if (error.reason === undefined && isUndecodable(error.message)) return ownSituation('not-actual', detail);
  // The library takes whatever SQLite objects to for a table or a column that it does not know.
  const storage = error.reason === 'invalid-schema' ? storageCodeIn(cause) : null;
  return situation(storage === null ? { code: error.reason ?? null, detail } : { storage, detail });
}

/** What the library's readers of protobuf and JSON say of an answer that is no message of the protocol. */
function isUndecodable(text: string): boolean {
  return /premature EOF|wire type|illegal tag|end group tag|invalid u?int|recursion depth|invalid varint|out of bounds|not valid JSON|end of JSON/i.test(
    text,
  );
}

/** Each timestamp ends with the id of the client that wrote the message, 16 hex digits. */
const AUTHOR = 'substr(timestamp, -16)';

function clientId(copy: LocalCopy): string {
  const [row] = copy.rows<{ timestamp: string }>(
    "SELECT json_extract(clock, '$.timestamp') AS timestamp FROM messages_clock",
  );
  return row?.timestamp.slice(-16) ?? '';
}

function writtenHere(copy: LocalCopy, me: string, after: string): number {
  const [row] = copy.rows<{ n: number }>(
    `SELECT count(*) AS n FROM messages_crdt WHERE timestamp > ? AND ${AUTHOR} = ?`,
    after,
    me,
  );
  return row?.n ?? 0;
}

function received(copy: LocalCopy, me: string) {
  const since = copy.reported.upTo;
  const [messages] = copy.rows<{ n: number }>(
    `SELECT count(*) AS n FROM messages_crdt WHERE id > ? AND ${AUTHOR} <> ?`,
    since,
    me,
  );
  // A message that is older than what the field holds already is kept, but changes nothing.
  const changed = copy
    .rows<{ row: string }>(
      `SELECT DISTINCT row FROM messages_crdt m
       WHERE id > ? AND ${AUTHOR} <> ? AND dataset = 'transactions' AND NOT EXISTS (
         SELECT 1 FROM messages_crdt later WHERE later.dataset = m.dataset AND later.row = m.row
           AND later.column = m.column AND later.timestamp > m.timestamp)`,
      since,
      me,
    )
    .map(({ row }) => row);
  return {
    messagesReceived: messages?.n ?? 0,
    transactionsChanged: changed.length,
    accountsTouched: accountsOf(copy, changed),
  };
}

function accountsOf(copy: LocalCopy, transactionIds: readonly string[]): string[] {
  const left = transactionIds.flatMap((id) => copy.reported.movedFrom.get(id) ?? []);
  return copy
    .rows<{ name: string }>(
      `SELECT DISTINCT name FROM accounts WHERE name IS NOT NULL AND (
         id IN (SELECT value FROM json_each(?)) OR
         id IN (SELECT acct FROM transactions WHERE id IN (SELECT value FROM json_each(?))))`,
      JSON.stringify(left),
      JSON.stringify(transactionIds),
    )
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, 'en'));
}
