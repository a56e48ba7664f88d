import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import { jobIdOf, lanePrefix } from '../../src/domain/streams.js';
import { chronicleOf, hasEnded, isReferral, requestIn, statusAfter } from './chronicle.js';
import type { Answer } from './observed.js';
import type { Violation } from './violation.js';

const mostTold = 10;
const longestEvent = 200;

/** Violations, each with the events of its jobs: in their streams, and in their lanes. */
export function toldOf(violations: readonly Violation[], log: readonly RecordedEvent[]): string {
  const told = violations.slice(0, mostTold).map(({ rule, what, jobIds }) => {
    const about = log.filter(({ stream, data }) =>
      stream.startsWith(lanePrefix) ? jobIds.includes(String(data?.jobId)) : jobIds.includes(jobIdOf(stream)),
    );
    return [`${rule}: ${what}`, ...about.map((event) => `    ${lineOf(event)}`)].join('\n');
  });
  const more = violations.length - told.length;
  return [...told, ...(more > 0 ? [`... and ${more} more`] : [])].join('\n');
}

function lineOf({
  position,
  stream,
  revision,
  type,
  data: { at, v: _v, ...facts } = {},
}: RecordedEvent): string {
  const details = JSON.stringify(facts);
  const shown = details.length > longestEvent ? `${details.slice(0, longestEvent)}...` : details;
  return `${position} ${stream}@${revision} ${String(at)} ${type} ${shown}`;
}

/** How many there are of each, in the order of their names. */
export function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}

/** What came of all that was asked for, in lines. */
export function summaryOf(log: readonly RecordedEvent[], answers: readonly Answer[]): readonly string[] {
  const jobs = [...chronicleOf(log).jobs.values()].filter((history) => !isReferral(history));
  const ends = jobs.map(
    (history) => `${requestIn(history)?.type} ${hasEnded(history) ? statusAfter(history) : 'OPEN'}`,
  );
  const told = answers.map(({ command, outcome }) =>
    outcome.kind === 'REFUSED' ? `${command.kind} ${outcome.code}` : `${command.kind} ${outcome.kind}`,
  );
  const failures = jobs.flatMap((history) => {
    const { type, data } = history.at(-1) ?? {};
    return type === 'JobFailed' ? [(data?.failure as { code: string }).code] : [];
  });
  return [
    `jobs: ${jobs.length} (${counted(ends)})`,
    `failures: ${counted(failures) || 'none'}`,
    `answers: ${answers.length} (${counted(told)})`,
    `events: ${log.length} (${counted(log.map(({ type }) => type))})`,
  ];
}
