import { invalidInput } from './coded-error.js';

/** @throws GraphQLError `INVALID_INPUT` */
export function checkPageSize(first: number | null | undefined, fallback: number, max: number): number {
  const size = first ?? fallback;
  if (size < 1 || size > max) throw invalidInput(`first must be from 1 to ${max}.`);
  return size;
}
