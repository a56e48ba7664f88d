import { storageFaultOf, type StorageFault } from '../src/eventstore/sqlite/storage-fault.js';

/** The read models cannot be written for now, for a reason that may pass by itself. */
export class UnwritableReadModelsError extends Error {
  readonly code = 'READ_MODELS_UNWRITABLE';

  constructor(fault: PassingFault, options: ErrorOptions) {
    super(`${sentences[fault]} They go on by themselves as soon as they can be written.`, options);
    this.name = 'UnwritableReadModelsError';
  }
}

/** What is damaged, or not what it should be, stays so until it is made anew. */
type PassingFault = Exclude<StorageFault, 'DAMAGED'>;

const sentences: Record<PassingFault, string> = {
  FULL: 'The disk that holds the read models is full.',
  IN_USE: 'Another process holds the read models.',
  NOT_WRITABLE: 'The read models cannot be written any longer.',
  OTHER: 'The read models could not be read or written.',
};

/** Undefined where it is something else that will not pass. */
export function asUnwritable(error: unknown): UnwritableReadModelsError | undefined {
  const fault = storageFaultOf(error);
  if (fault === undefined || fault === 'DAMAGED' || (fault === 'OTHER' && !isOfTheDisk(error)))
    return undefined;
  return new UnwritableReadModelsError(fault, { cause: error });
}

/** SQLite says so of a full disk, too, where it is not a page of the database that it wrote. */
function isOfTheDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_IOERR');
}
