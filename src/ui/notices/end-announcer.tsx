import { useEffect, useState } from 'react';
import { isActive, type Job } from '../api/job.js';
import type { KnownJobs } from '../feed/known-jobs.js';
import { strings } from '../strings.js';
import { instantText } from '../words/instant-text.js';
import { jobTypeName } from '../words/job-type-name.js';
import { outcomeSentence } from '../words/outcome-sentence.js';
import { statusName } from '../words/status-name.js';
import { notify } from './notification.js';

/** Tells who listens rather than looks, and who looks elsewhere and wants to be told, that a job has ended. */
export function EndAnnouncer({ jobs }: { readonly jobs: KnownJobs }) {
  const [seen, setSeen] = useState(jobs);
  const [ended, setEnded] = useState<readonly Job[]>([]);
  if (seen !== jobs) {
    setSeen(jobs);
    const now = [...jobs.values()].filter((job) => !isActive(job) && wasActive(seen.get(job.id)));
    if (now.length > 0) setEnded(now);
  }
  useEffect(() => {
    for (const job of ended) notify(job.id, headline(job), outcomeSentence(job));
  }, [ended]);
  return (
    <p className="visually-hidden" aria-live="polite">
      {ended.map(sentence).join(' ')}
    </p>
  );
}

function wasActive(job: Job | undefined): boolean {
  return job !== undefined && isActive(job);
}

function headline({ type, status }: Job): string {
  return strings.notices.ended(jobTypeName(type), statusName(status));
}

function sentence({ type, status, createdAt }: Job): string {
  return strings.notices.endedSince(jobTypeName(type), instantText(createdAt), statusName(status));
}
