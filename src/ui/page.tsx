import { useSyncExternalStore } from 'react';
import { ConnectionStatus } from './connection-status.js';
import { JobDetailsPanel } from './details/job-details-panel.js';
import { EndAnnouncer } from './notices/end-announcer.js';
import type { FeedState, JobFeed } from './feed/job-feed.js';
import { AsOf } from './parts/as-of.js';
import { JobStarter } from './job-starter.js';
import { detailsButtonId } from './list/details-button-id.js';
import { JobsView } from './list/jobs-view.js';
import { NotificationSwitch } from './notices/notification-switch.js';
import { SignInForm } from './sign-in/sign-in-form.js';
import { SignedInAs } from './sign-in/signed-in-as.js';
import { TabSign } from './notices/tab-sign.js';
import { strings } from './strings.js';
import { useOpenJob } from './use-open-job.js';

export function Page({ feed }: { readonly feed: JobFeed }) {
  const state = useSyncExternalStore(feed.subscribe, feed.state);
  return (
    <AsOf value={state.lastLiveAt}>
      <main className="page">
        <header className="page-header">
          <h1 id="jobs-heading">{strings.list.title}</h1>
          <ConnectionStatus connection={state.connection} lastLiveAt={state.lastLiveAt} />
        </header>
        <EndAnnouncer jobs={state.jobs} />
        <TabSign jobs={state.jobs} />
        {state.refusal ? (
          <SignInForm refusal={state.refusal} feed={feed} />
        ) : (
          <Work feed={feed} state={state} />
        )}
      </main>
      <footer className="page-footer">
        <a href="playground">{strings.playground}</a>
        <NotificationSwitch />
        {state.viewerId !== null && <SignedInAs viewerId={state.viewerId} feed={feed} />}
      </footer>
    </AsOf>
  );
}

function Work({ feed, state }: { readonly feed: JobFeed; readonly state: FeedState }) {
  const { openJobId, openJob } = useOpenJob();
  const close = () => {
    openJob(null);
    // Who works with the keyboard goes on where they came from.
    if (openJobId !== null) document.getElementById(detailsButtonId(openJobId))?.focus();
  };
  return (
    <>
      <JobStarter
        feed={feed}
        jobs={state.jobs}
        budgets={state.budgets}
        isLive={state.connection === 'LIVE'}
        onOpen={openJob}
      />
      <div className={openJobId === null ? 'panels' : 'panels panels-two'}>
        <JobsView feed={feed} state={state} openJobId={openJobId} onOpen={openJob} />
        {openJobId !== null && (
          <JobDetailsPanel
            key={openJobId}
            jobId={openJobId}
            feed={feed}
            isLive={state.connection === 'LIVE'}
            onOpen={openJob}
            onClose={close}
          />
        )}
      </div>
    </>
  );
}
