import type { Position } from '../event-store.js';
import { UnknownPositionError } from '../event-store-errors.js';

/** Wide enough for every integer that a number holds exactly. */
const width = 16;

/** Of a fixed width, so that it compares as text as it does as a number. */
export function positionOf(row: number): Position {
  return String(row).padStart(width, '0');
}

export function isPosition(text: string): boolean {
  return /^[0-9]{16}$/.test(text);
}

/** @throws UnknownPositionError it was not made here */
export function rowAt(position: Position): number {
  if (!isPosition(position)) throw new UnknownPositionError(position);
  return Number(position);
}
