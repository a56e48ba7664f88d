import { createHmac } from 'node:crypto';
import { isatty } from 'node:tty';
import { pino, type DestinationStream, type LevelWithSilent, type Logger } from 'pino';
import { currentRequest } from './request-scope.js';

export interface LogOptions {
  readonly level: LevelWithSilent;
  /** For tests; the standard error otherwise. */
  readonly destination?: DestinationStream;
  /** Whether people read it as it is written. */
  readonly isTerminal?: boolean;
}

const standardError = 2;

/** The log of a process: a line of JSON for each event, or on a terminal a line for people. */
export async function openLog({
  level,
  destination,
  isTerminal = isatty(standardError),
}: LogOptions): Promise<Logger> {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Nobody's name is written, be there a key to hash it with or not.
      serializers: { owner: () => 'hidden' },
      mixin: () => ({ ...currentRequest() }),
    },
    isTerminal ? await forPeople(destination) : (destination ?? atOnce()),
  );
}

/**
 * The same log, in which `owner` is hashed with a key: lines about the same person can be found, and without the key
 * nobody can try out names.
 */
export function withHashedOwners(log: Logger, key: string): Logger {
  return log.child({}, { serializers: { owner: (owner: unknown) => hashed(String(owner), key) } });
}

/** What comes just before the end of a process is what people look for. */
function atOnce(): DestinationStream {
  return pino.destination({ dest: standardError, sync: true });
}

async function forPeople(destination: DestinationStream | undefined): Promise<DestinationStream> {
  // Loaded where it is used: nobody waits for it whose log is read by programs.
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    destination: destination ?? standardError,
    sync: true,
    colorize: destination === undefined,
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
  });
}

/** Enough to tell some million owners apart. */
const hashLength = 16;

function hashed(owner: string, key: string): string {
  return createHmac('sha256', key).update(owner).digest('hex').slice(0, hashLength);
}
