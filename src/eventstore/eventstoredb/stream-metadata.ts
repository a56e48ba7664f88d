import type { StreamMetadata, RecordedEvent, JsonObject } from '../event-store.js';

/** Where the server keeps the metadata of a stream: the last event counts. */
export function metadataStream(stream: string): string {
  return `$$${stream}`;
}

/** The server marks a stream that was deleted by cutting off all that could ever be in it. */
export function isDeleted(metadata: RecordedEvent | undefined): boolean {
  return cutBefore(metadata) > Number.MAX_SAFE_INTEGER;
}

/**
 * What to write so that these metadata replace the present ones. What was cut must not come back, nor what was
 * deleted before the stream began anew: the server would show it again.
 */
export function replacementOf(
  present: RecordedEvent | undefined,
  { maxCount, truncateBefore = 0 }: StreamMetadata,
): JsonObject {
  const { $maxCount: _maxCount, $tb: _cutBefore, ...others } = present?.data ?? {};
  const $tb = Math.max(cutBefore(present), truncateBefore);
  return { ...others, ...($tb > 0 && { $tb }), ...(maxCount !== undefined && { $maxCount: maxCount }) };
}

function cutBefore(metadata: RecordedEvent | undefined): number {
  const $tb = metadata?.data?.$tb;
  return typeof $tb === 'number' ? $tb : 0;
}
