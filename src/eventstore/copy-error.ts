/**
 * Why a copy could not be made:
 * - `TARGET_HOLDS_OTHERS`: there are events that are not of this copy; nothing was appended.
 * - `TARGET_IS_WRITTEN_TO`: somebody else appended to one of its streams meanwhile.
 * - `STREAM_WAS_DELETED`: the stream was there in a former life, so its revisions do not begin at 0.
 * - `EVENT_TOO_LARGE`: the target does not take an event of this size.
 * - `NOT_A_COPY`: read back, the target is not what the source is.
 */
export type CopyFault =
  'TARGET_HOLDS_OTHERS' | 'TARGET_IS_WRITTEN_TO' | 'STREAM_WAS_DELETED' | 'EVENT_TOO_LARGE' | 'NOT_A_COPY';

export class CopyError extends Error {
  readonly code = 'COPY_FAILED';

  /** @param stream where it was found out; undefined: events are missing at the end of the log */
  constructor(
    readonly fault: CopyFault,
    readonly stream?: string,
  ) {
    super(stream === undefined ? fault : `${fault}: ${stream}`);
    this.name = 'CopyError';
  }
}
