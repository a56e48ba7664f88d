import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import { isReferral, requestIn, statusAfter, type Chronicle } from './chronicle.js';
import type { Follower, Observed, Shown, ShownJob, Sighting } from './observed.js';
import type { Violation } from './violation.js';

/** Whether what was seen was so, in order, and to the end. */
export function faultsOfSightings(
  { sightings, followers }: Pick<Observed, 'sightings' | 'followers'>,
  chronicle: Chronicle,
): readonly Violation[] {
  const found: Violation[] = [];
  const last = new Map<string, Sighting>();
  for (const sighting of sightings) {
    const { witness, jobId, position } = sighting;
    const key = `${witness} ${jobId}`;
    const before = last.get(key);
    if (before && position < before.position) {
      const what = `${witness} saw ${jobId} at ${before.position} and then at ${position}`;
      found.push(violation('SIGHTING', what, jobId));
    }
    last.set(key, sighting);
    const fault = faultOf(sighting, chronicle.jobs.get(jobId) ?? []);
    if (fault !== null) found.push(violation('SIGHTING', `${witness} ${fault}`, jobId));
  }
  const missed = followers.flatMap((follower) => missedBy(follower, last, chronicle));
  return [...found, ...missed];
}

function faultOf({ jobId, position, status, transitions }: Sighting, history: readonly RecordedEvent[]) {
  const known = history.filter((event) => event.position <= position);
  if (known.at(-1)?.position !== position)
    return `saw ${jobId} at ${position}, where the log has nothing of it`;
  if (statusAfter(known) !== status) return `saw ${jobId} ${status}, and the log has ${statusAfter(known)}`;
  return known.length === transitions
    ? null
    : `saw ${transitions} transitions of ${jobId}, and the log has ${known.length}`;
}

function missedBy(
  { witness, user, since }: Follower,
  last: ReadonlyMap<string, Sighting>,
  { jobs }: Chronicle,
): readonly Violation[] {
  return ownedBy(user, jobs).flatMap(([jobId, history]) => {
    const end = history.at(-1)?.position ?? '';
    const seen = last.get(`${witness} ${jobId}`)?.position ?? 'nothing';
    if (end <= since || seen === end) return [];
    return [violation('SIGHTING', `${witness} missed the last of ${jobId}: saw ${seen}, not ${end}`, jobId)];
  });
}

/** Whether lists show what follows from the log. */
export function faultsOfQueries(
  { shown }: Pick<Observed, 'shown'>,
  { jobs }: Chronicle,
): readonly Violation[] {
  return shown.flatMap(({ server, user, since, jobs: listed }: Shown) => {
    const wanted = ownedBy(user, jobs).filter(([, history]) => (history.at(-1)?.position ?? '') > since);
    const byId = new Map(listed.map((job) => [job.id, job]));
    const wrong = wanted.flatMap(([id, history]) => {
      const fault = faultOfShown(byId.get(id), history);
      return fault === null ? [] : [violation('QUERY', `${server} shows ${user} ${id} ${fault}`, id)];
    });
    const known = new Set(wanted.map(([id]) => id));
    const tooMany = listed.filter(({ id, position }) => position > since && !known.has(id));
    return [
      ...wrong,
      ...tooMany.map(({ id }) =>
        violation('QUERY', `${server} shows ${user} ${id}, which the log has not`, id),
      ),
    ];
  });
}

function faultOfShown(job: ShownJob | undefined, history: readonly RecordedEvent[]): string | null {
  if (!job) return 'not at all';
  const status = statusAfter(history);
  if (job.status !== status) return `${job.status} instead of ${status}`;
  const position = history.at(-1)?.position;
  if (job.position !== position) return `at ${job.position} instead of ${position}`;
  const events = history.map(({ type }) => type).join(' ');
  return job.events.join(' ') === events ? null : `with ${job.events.join(' ')} instead of ${events}`;
}

function ownedBy(user: string, jobs: Chronicle['jobs']) {
  return [...jobs].filter(([, history]) => !isReferral(history) && requestIn(history)?.ownerId === user);
}

function violation(rule: Violation['rule'], what: string, jobId: string): Violation {
  return { rule, what, jobIds: [jobId] };
}
