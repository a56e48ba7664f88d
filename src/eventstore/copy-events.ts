import { compareLogs, type CopiedPart } from './compare-logs.js';
import type { EventStore, NewEvent, RecordedEvent } from './event-store.js';
import { AppendTooLargeError, WrongExpectedRevisionError } from './event-store-errors.js';
import { CopyError } from './copy-error.js';
import { historyOf } from './history.js';
import { MalformedEventError } from './malformed-event-error.js';

export interface CopyOptions {
  /** Nobody writes to it meanwhile. */
  readonly source: Pick<EventStore, 'subscribe'>;
  readonly target: Pick<EventStore, 'append' | 'read' | 'subscribe'>;
  /** Only streams whose name begins with one of these; the others are left alone on both sides. */
  readonly streamPrefixes: readonly string[];
  readonly onProgress?: (progress: CopyProgress) => void;
}

/** How many events one part of the work has come to. */
export interface CopyProgress {
  readonly doing: 'COMPARING' | 'COPYING' | 'VERIFYING';
  readonly done: number;
  readonly total: number;
}

export interface Copied {
  readonly events: number;
  readonly streams: number;
  /** How many of the events were not there before. */
  readonly added: number;
}

/** What one append takes at most; more would not make it faster. */
const longestRun = 100;

/**
 * Copies all events in the global order, with their ids, and reads them back. What was copied before is recognised, so
 * that it goes on where it was after it was broken off anywhere; repeated, it changes nothing. A stream of the target
 * begins at revision 0, whatever was cut from the one in the source. One append at a time: where several were under way
 * when the connection broke, a later one could be there without the one before it.
 *
 * @throws CopyError
 * @throws EventStoreUnavailableError it can be done again
 * @throws MalformedEventError the source holds what no append can have written
 */
export async function copyEvents({
  source,
  target,
  streamPrefixes,
  onProgress,
}: CopyOptions): Promise<Copied> {
  const total = await count(historyOf(source, { streamPrefixes }));
  const tell = (doing: CopyProgress['doing']) => (done: number) => onProgress?.({ doing, done, total });
  const compared = { original: source, copy: target, streamPrefixes };
  const before = await compareLogs({ ...compared, onCompared: tell('COMPARING') });
  if (before.kind === 'different') throw new CopyError('TARGET_HOLDS_OTHERS', before.stream);
  const { events, revisions } = before.copied;
  if (before.kind === 'same') return { events, streams: revisions.size, added: 0 };

  const rest = historyOf(source, { streamPrefixes, after: before.copied.upTo });
  await appendAll(target, rest, before.copied, tell('COPYING'));

  const after = await compareLogs({ ...compared, onCompared: tell('VERIFYING') });
  if (after.kind === 'different') throw new CopyError('NOT_A_COPY', after.stream);
  if (after.kind === 'beginning') throw new CopyError('NOT_A_COPY');
  return { events: total, streams: after.copied.revisions.size, added: total - events };
}

async function count(events: AsyncIterable<unknown>): Promise<number> {
  let total = 0;
  for await (const _event of events) total += 1;
  return total;
}

async function appendAll(
  target: CopyOptions['target'],
  rest: AsyncIterable<RecordedEvent>,
  { events, revisions: before }: CopiedPart,
  onCopied: (events: number) => void,
): Promise<void> {
  const revisions = new Map(before);
  let copied = events;
  for await (const run of runsIn(rest)) {
    const { stream } = run[0];
    revisions.set(stream, await appendRun(target, run, revisions.get(stream) ?? -1));
    copied += run.length;
    onCopied(copied);
  }
}

type Run = readonly [RecordedEvent, ...RecordedEvent[]];

/** Events that follow each other in the log and belong to one stream. */
async function* runsIn(events: AsyncIterable<RecordedEvent>): AsyncGenerator<Run, void, void> {
  let run: [RecordedEvent, ...RecordedEvent[]] | undefined;
  for await (const event of events) {
    if (run?.[0].stream === event.stream && run.length < longestRun) {
      run.push(event);
      continue;
    }
    if (run) yield run;
    run = [event];
  }
  if (run) yield run;
}

/** @throws MalformedEventError */
function copyOf(event: RecordedEvent): NewEvent {
  const { id, type, data, metadata } = event;
  if (data === undefined) throw new MalformedEventError(event);
  return { id, type, data, ...(metadata && { metadata }) };
}

/** @returns the revision of the last one */
async function appendRun(target: CopyOptions['target'], run: Run, after: number): Promise<number> {
  const { stream } = run[0];
  const events = run.map(copyOf);
  const last = after + run.length;
  try {
    const expectedRevision = after < 0 ? 'no-stream' : after;
    const { revision } = await target.append(stream, events, { expectedRevision });
    if (revision === last) return last;
  } catch (error) {
    if (error instanceof WrongExpectedRevisionError) throw new CopyError('TARGET_IS_WRITTEN_TO', stream);
    if (!(error instanceof AppendTooLargeError)) throw error;
    const half = Math.ceil(run.length / 2);
    const [first, ...others] = run.slice(half);
    if (!first) throw new CopyError('EVENT_TOO_LARGE', stream);
    const middle = await appendRun(target, [run[0], ...run.slice(1, half)], after);
    return appendRun(target, [first, ...others], middle);
  }
  throw new CopyError('STREAM_WAS_DELETED', stream);
}
