import type { Position as LogPosition } from '@eventstore/db-client';
import type { Position } from '../event-store.js';
import { UnknownPositionError } from '../event-store-errors.js';

/** Both halves of a fixed width, so that it compares as text as they do as numbers. */
export function positionOf({ commit, prepare }: LogPosition): Position {
  return `${fixedWidth(commit)}-${fixedWidth(prepare)}`;
}

export function isPosition(text: string): boolean {
  return /^[0-9a-f]{16}-[0-9a-f]{16}$/.test(text);
}

/** @throws UnknownPositionError it was not made here */
export function logPositionOf(position: Position): LogPosition {
  if (!isPosition(position)) throw new UnknownPositionError(position);
  const [commit, prepare] = position.split('-');
  return { commit: BigInt(`0x${commit}`), prepare: BigInt(`0x${prepare}`) };
}

function fixedWidth(half: bigint): string {
  return half.toString(16).padStart(16, '0');
}
