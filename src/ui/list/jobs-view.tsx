import { useMemo, useState } from 'react';
import { anyJob } from '../api/job-filter.js';
import type { FeedState, JobFeed } from '../feed/job-feed.js';
import { hasOlder, listed } from '../feed/job-list.js';
import { Problem } from '../parts/problem.js';
import { strings } from '../strings.js';
import { putIntoAddress } from './filter-in-address.js';
import { JobFilters } from './job-filters.js';
import { JobTable } from './job-table.js';

interface Properties {
  readonly feed: JobFeed;
  readonly state: FeedState;
  readonly openJobId: string | null;
  readonly onOpen: (jobId: string) => void;
}

export function JobsView({ feed, state, openJobId, onOpen }: Properties) {
  const [isLoadingOlder, setLoadingOlder] = useState(false);
  const { list, jobs, problem, budgets } = state;
  const shown = useMemo(() => listed(list, jobs), [list, jobs]);
  const isFiltered = list.filter.type !== null || list.filter.status !== null;

  const loadOlder = async () => {
    if (isLoadingOlder) return;
    setLoadingOlder(true);
    await feed.loadOlder();
    setLoadingOlder(false);
  };

  return (
    <section className="panel" aria-labelledby="jobs-heading">
      <JobFilters filter={list.filter} onChoose={putIntoAddress} />
      {problem !== null && <Problem text={problem} />}
      <JobTable jobs={shown} openJobId={openJobId} hasBudgets={budgets.length > 1} onOpen={onOpen} />
      {shown.length === 0 && list.isLoaded && isFiltered && (
        <p className="empty">
          {strings.list.noMatch}{' '}
          <button type="button" onClick={() => putIntoAddress(anyJob)}>
            {strings.list.showAll}
          </button>
        </p>
      )}
      {shown.length === 0 && list.isLoaded && !isFiltered && (
        <div className="empty empty-first">
          <p>{strings.list.nothingYet}</p>
          <p className="muted">{strings.list.whatToExpect}</p>
        </div>
      )}
      {shown.length === 0 && !list.isLoaded && <p className="empty">{strings.loading}</p>}
      {hasOlder(list) && (
        <button type="button" aria-disabled={isLoadingOlder} onClick={() => void loadOlder()}>
          {strings.list.loadOlder}
        </button>
      )}
    </section>
  );
}
