import { z } from 'zod';

/** setTimeout fires at once for anything longer than this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const number = (pattern: RegExp, min: number, max: number) =>
  z.string().trim().regex(pattern).transform(Number).pipe(z.number().min(min).max(max));

export function whole(defaultValue: number, min: number, max: number, meaning: string, unit = '') {
  return {
    default: String(defaultValue),
    accepts: `a whole number${unit} from ${min} to ${max}`,
    meaning,
    secret: false,
    schema: number(/^\d+$/, min, max),
  };
}

export const milliseconds = (defaultValue: number, min: number, meaning: string) =>
  whole(defaultValue, min, LONGEST_TIMER_MS, meaning, ' of milliseconds');

export function yesOrNo(defaultValue: boolean, meaning: string) {
  return {
    default: String(defaultValue),
    accepts: 'true or false',
    meaning,
    secret: false,
    schema: z
      .string()
      .trim()
      .pipe(z.enum(['true', 'false']))
      .transform((text) => text === 'true'),
  };
}
