import path from 'node:path';
import Database from 'better-sqlite3';
import type { Gate } from '../support/gate.js';
import type { ChaosServer, Life } from './chaos-server.js';
import type { TroubleKind } from './plan.js';

/** Begins it; returns what ends it. */
export function trouble(kind: TroubleKind, server: ChaosServer, life: Life): () => void {
  const { actual, model, store } = server.gates;
  switch (kind) {
    case 'STOPPED':
      life.signal('SIGSTOP');
      return () => life.signal('SIGCONT');
    case 'STORE_HELD':
      return store ? held(store) : lockedOut(server.dataDir);
    case 'STORE_REFUSED':
      return store ? refused(store) : lockedOut(server.dataDir);
    case 'ACTUAL_HELD':
      return held(actual);
    case 'ACTUAL_ANSWERS_HELD':
      return answersHeld(actual);
    case 'ACTUAL_REFUSED':
      return refused(actual);
    case 'MODEL_HELD':
      return held(model);
    case 'MODEL_ANSWERS_HELD':
      return answersHeld(model);
    case 'MODEL_REFUSED':
      return refused(model);
    default:
      return kind satisfies never;
  }
}

function held(gate: Gate): () => void {
  void gate.hold();
  return () => gate.open();
}

function answersHeld(gate: Gate): () => void {
  void gate.holdAnswers();
  return () => gate.open();
}

function refused(gate: Gate): () => void {
  gate.refuse();
  return () => gate.open();
}

/** Somebody else writes into the file of the log, as far as the server can tell. */
function lockedOut(dataDir: string): () => void {
  const db = new Database(path.join(dataDir, 'events.sqlite'), { fileMustExist: true, timeout: 500 });
  try {
    db.exec('BEGIN IMMEDIATE');
  } catch (error) {
    // The server itself writes all the time.
    if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_BUSY') throw error;
  }
  return () => db.close();
}
