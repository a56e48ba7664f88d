const key = 'actual-jobs-token';

/**
 * The token that the user signed in with, kept for the next visit where no other site's script can read it. Null where
 * there is none: nobody has signed in here, or the server wants none.
 */
export const keptToken = {
  get: (): string | null => localStorage.getItem(key),

  keep: (token: string): void => localStorage.setItem(key, token),

  forget: (): void => localStorage.removeItem(key),

  /** Calls back when somebody signs in or out in another tab. */
  onChange: (listener: () => void): void => {
    addEventListener('storage', (event) => {
      if (event.key === key || event.key === null) listener();
    });
  },
};

/** What proves to the server who asks, as a header of HTTP or in the first message over a WebSocket. */
export function credentials(): Readonly<Record<string, string>> {
  const token = keptToken.get();
  return token === null ? {} : { authorization: `Bearer ${token}` };
}
