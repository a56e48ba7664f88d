import { useState, type SyntheticEvent } from 'react';
import type { JobFeed } from '../feed/job-feed.js';
import { strings } from '../strings.js';
import { keptToken } from './kept-token.js';
import type { Refusal } from './refusal.js';

interface Properties {
  readonly refusal: Refusal;
  readonly feed: JobFeed;
}

/** In place of the jobs, where the server does not know who asks. */
export function SignInForm({ refusal, feed }: Properties) {
  const [token, setToken] = useState('');
  const signIn = (event: SyntheticEvent) => {
    event.preventDefault();
    const pasted = token.trim().replace(/^Bearer\s+/i, '');
    if (pasted !== '') feed.signIn(pasted);
  };
  return (
    <section className="sign-in" aria-labelledby="sign-in-heading">
      <h2 id="sign-in-heading">{strings.signIn.title}</h2>
      {/* What the server says to who sent no token is meant for scripts. */}
      {refusal.wantsToken && keptToken.get() === null ? (
        <p>{strings.signIn.howTo}</p>
      ) : (
        <p role="alert">{refusal.message}</p>
      )}
      {refusal.wantsToken && (
        <form onSubmit={signIn}>
          <label className="sign-in-token">
            {strings.signIn.token}
            <input
              type="password"
              autoComplete="off"
              spellCheck={false}
              required
              value={token}
              onChange={(event) => setToken(event.target.value)}
            />
          </label>
          <button type="submit" className="button-main">
            {strings.signIn.submit}
          </button>
        </form>
      )}
    </section>
  );
}
