import { AccessDeniedError, isCommandError } from '@eventstore/db-client';

/** Why the server did not do what it was asked for, as far as it matters for what to do about it. */
export type ServerFault = 'REFUSED' | 'NO_TLS' | 'UNTRUSTED' | 'NOT_READY' | 'UNREACHABLE';

/** Faults of the address rather than of the server: whoever runs this process has to put them right. */
const misconfigured: readonly ServerFault[] = ['REFUSED', 'NO_TLS', 'UNTRUSTED'];

const byMessage: readonly (readonly [RegExp, ServerFault])[] = [
  [/certificate|altnames/i, 'UNTRUSTED'],
  [/SSL routines|EPROTO/, 'NO_TLS'],
  [/Server Is (Not Ready|(Too )?Busy)|leader/i, 'NOT_READY'],
];

/**
 * Status codes after which nobody knows what the server did: canceled, unknown, deadline exceeded, aborted,
 * internal (a stream that was reset), unavailable, data lost.
 */
const unknownOutcomes: readonly number[] = [1, 2, 4, 10, 13, 14, 15];
const unknownOutcomeTypes: readonly string[] = ['not-leader', 'deadline-exceeded', 'unknown'];

/** Undefined: the server has answered, or it is no fault of the server. */
export function serverFaultOf(error: unknown): ServerFault | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AccessDeniedError || statusOf(error) === 16) return 'REFUSED';
  if (!isOutcomeUnknown(error)) return undefined;
  return byMessage.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'UNREACHABLE';
}

export function isMisconfigured(fault: ServerFault): boolean {
  return misconfigured.includes(fault);
}

export const faultSentences: Record<ServerFault, string> = {
  REFUSED:
    'EventStoreDB refused the user of EVENTSTORE_URL. Check its name and password; it must be allowed to read $all.',
  NO_TLS:
    'EventStoreDB does not speak TLS at the address of EVENTSTORE_URL. Add tls=false to it, or give the server a certificate.',
  UNTRUSTED:
    'The certificate of EventStoreDB is not trusted. Add tlsCAFile with the certificate of its authority to EVENTSTORE_URL, and use a host name that the certificate has.',
  NOT_READY: 'EventStoreDB is not ready.',
  // One that hangs loses its connection sooner or later: nobody can tell.
  UNREACHABLE: 'EventStoreDB could not be reached, or did not answer.',
};

function isOutcomeUnknown(error: Error): boolean {
  const status = statusOf(error);
  if (isCommandError(error)) {
    const { type } = error as unknown as { readonly type: string };
    if (unknownOutcomeTypes.includes(type) && (type !== 'unknown' || status === undefined)) return true;
  }
  if (status !== undefined) return unknownOutcomes.includes(status);
  // What the client says about its own connection has no code.
  return /^Failed to discover|channel.*(shut down|closed)/i.test(error.message);
}

function statusOf(error: Error): number | undefined {
  return 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}
