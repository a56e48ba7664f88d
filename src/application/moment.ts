/**
 * A point in the life of this process: of two, the later one is greater. Tells which of two pieces of knowledge is the
 * older one; says nothing about time.
 */
export type Moment = number;

let last: Moment = 0;

export function nextMoment(): Moment {
  last += 1;
  return last;
}
