import { useState } from 'react';
import { isActive, type Job } from './api/job.js';
import type { KnownJobs } from './feed/known-jobs.js';
import { instantText } from './words/instant-text.js';
import { jobTypeName } from './words/job-type-name.js';
import { statusName } from './words/status-name.js';

/** Tells who listens rather than looks that a job has ended. */
export function EndAnnouncer({ jobs }: { readonly jobs: KnownJobs }) {
  const [seen, setSeen] = useState(jobs);
  const [text, setText] = useState('');
  if (seen !== jobs) {
    setSeen(jobs);
    const ended = [...jobs.values()].filter((job) => !isActive(job) && wasActive(seen.get(job.id)));
    if (ended.length > 0) setText(ended.map(sentence).join(' '));
  }
  return (
    <p className="visually-hidden" aria-live="polite">
      {text}
    </p>
  );
}

function wasActive(job: Job | undefined): boolean {
  return job !== undefined && isActive(job);
}

function sentence({ type, status, createdAt }: Job): string {
  return `${jobTypeName(type)} of ${instantText(createdAt)}: ${statusName(status)}.`;
}
