import { useEffect } from 'react';
import { isActive, type Job } from '../api/job.js';
import type { KnownJobs } from '../feed/known-jobs.js';
import { strings } from '../strings.js';

const name = strings.appName;

/** The tab's title and icon tell whether something runs, or else whether what ended last has failed. */
export function TabSign({ jobs }: { readonly jobs: KnownJobs }) {
  const active = [...jobs.values()].filter(isActive).length;
  const isFailed = lastEnded(jobs)?.status === 'FAILED';
  const sign = active > 0 ? 'running' : isFailed ? 'failed' : null;
  const title =
    active > 0
      ? `${strings.notices.running(active)} · ${name}`
      : isFailed
        ? `${strings.notices.failed} · ${name}`
        : name;
  useEffect(() => {
    document.title = title;
    document
      .querySelector('link[rel=icon]')
      ?.setAttribute('href', sign === null ? 'favicon.svg' : `favicon-${sign}.svg`);
  }, [title, sign]);
  return null;
}

function lastEnded(jobs: KnownJobs): Job | undefined {
  let last: Job | undefined;
  for (const job of jobs.values()) {
    if (job.completedAt !== null && job.completedAt > (last?.completedAt ?? '')) last = job;
  }
  return last;
}
