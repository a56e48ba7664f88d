/** What this app itself finds out about the situation. */
export type OwnCode =
  /** The server has to be asked and nobody has logged in. */
  | 'session-needed'
  /** The library did not open the local copy. */
  | 'copy-unusable'
  /** Another process holds the folder of the local copy. */
  | 'copy-in-use'
  /** What was downloaded just now could not be opened. */
  | 'download-unusable'
  | 'no-budget-open'
  /** The server takes no password: people log in somewhere else. */
  | 'no-password-login'
  /** Nobody has chosen the server's password yet. */
  | 'server-not-set-up'
  | 'no-password'
  /** The configured address is not the address of anything. */
  | 'invalid-url'
  /** What answers says something that Actual never says. */
  | 'not-actual'
  /** The child process ended in the middle of an operation. */
  | 'child-ended';
