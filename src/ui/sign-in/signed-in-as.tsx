import type { JobFeed } from '../feed/job-feed.js';
import { strings } from '../strings.js';

interface Properties {
  readonly viewerId: string;
  readonly feed: JobFeed;
}

/** For whoever has signed in here: who they are to the server, and the way out. */
export function SignedInAs({ viewerId, feed }: Properties) {
  return (
    <p className="signed-in">
      {strings.signIn.signedInAs(<strong>{viewerId}</strong>)}{' '}
      <button type="button" onClick={() => feed.signOut()}>
        {strings.signIn.signOut}
      </button>
    </p>
  );
}
