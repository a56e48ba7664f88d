import { failure, type Failure } from '../domain/failure.js';
import type { OwnCode } from './own-code.js';

/**
 * The words of the server and of the library that are known, and what they mean. Anything else that comes in
 * their place, such as the web page of a proxy, is never shown.
 */
const foreignMeanings: Readonly<Record<string, Failure>> = {
  'invalid-password': failure('ACTUAL_AUTH_FAILED'),
  'user-not-found': failure('ACTUAL_AUTH_FAILED', {
    message: 'The Actual server has no user for a login with a password.',
    action: 'Enable the login with a password in Actual, then retry.',
  }),
  'token-expired': loginExpired(),
  unauthorized: loginExpired(),
  'too-many-requests': failure('ACTUAL_RATE_LIMITED', {
    message: 'The Actual server has locked its login for a while because of too many wrong passwords.',
    action: 'Set the right ACTUAL_PASSWORD, wait 15 minutes, then restart.',
  }),
  'file-access-not-allowed': failure('ACTUAL_AUTH_FAILED', {
    message: 'The Actual server does not let this login open the budget.',
    action: 'Give its user access to the budget in Actual, then retry.',
  }),
  'budget-not-found': failure('ACTUAL_BUDGET_NOT_FOUND'),
  'file-not-found': failure('ACTUAL_BUDGET_NOT_FOUND', {
    message: 'The budget was deleted on the Actual server.',
    action: 'Set ACTUAL_SYNC_ID to the Sync ID of a budget that exists, and restart.',
  }),
  'file-has-reset': failure('ACTUAL_BUDGET_RESET'),
  'file-needs-upload': failure('ACTUAL_BUDGET_RESET'),
  'missing-key': failure('ACTUAL_ENCRYPTION', {
    message: 'This budget is end-to-end encrypted, and no password for it is configured.',
    action: 'Set ACTUAL_ENCRYPTION_PASSWORD and restart.',
  }),
  'decrypt-failure': failure('ACTUAL_ENCRYPTION', {
    message: 'The encryption password does not open this budget.',
  }),
  'encrypt-failure': failure('ACTUAL_ENCRYPTION'),
  'old-key-style': failure('ACTUAL_ENCRYPTION', {
    message: 'This budget is encrypted in a way that Actual no longer supports.',
    action: 'Encrypt the budget again in Actual, then put its new Sync ID into ACTUAL_SYNC_ID.',
  }),
  'file-has-new-key': newKey(),
  'file-key-mismatch': newKey(),
  'out-of-sync-migrations': failure('ACTUAL_VERSION_MISMATCH'),
  'out-of-sync-data': failure('ACTUAL_VERSION_MISMATCH'),
  'invalid-schema': failure('ACTUAL_VERSION_MISMATCH'),
  'apply-failure': failure('ACTUAL_VERSION_MISMATCH'),
  'file-old-version': failure('ACTUAL_VERSION_MISMATCH', {
    message: 'The Actual server holds the budget in a format that is too old for this app.',
    action: 'Open the budget in a current version of Actual once, then retry.',
  }),
  'parse-json': failure('ACTUAL_NOT_A_SERVER'),
  'not-zip-file': unusableDownload(),
  'invalid-zip-file': unusableDownload(),
  'invalid-meta-file': unusableDownload(),
  'zip-too-large': failure('ACTUAL_SERVER_ERROR', {
    message: 'The budget is too large to be downloaded.',
    action: 'Make the budget smaller in Actual.',
    retryable: false,
  }),
  'out-of-sync': failure('ACTUAL_SERVER_ERROR', {
    message: 'The Actual server and this app could not agree on what the budget holds.',
    action: 'In Actual, choose Settings, Advanced, Reset sync, then put the new Sync ID into ACTUAL_SYNC_ID.',
    retryable: false,
  }),
  'clock-drift': failure('INTERNAL', {
    message: 'The clock of this machine differs too much from that of another device.',
    action: 'Correct the clocks of this machine and of your other devices, then retry.',
    retryable: false,
  }),
  internal: failure('ACTUAL_SERVER_ERROR'),
  'internal-error': failure('ACTUAL_SERVER_ERROR'),
  'download-failure': failure('ACTUAL_SERVER_ERROR'),
  'network-failure': failure('ACTUAL_UNREACHABLE'),
  network: failure('ACTUAL_UNREACHABLE'),
};

/** What this app itself found out. */
const ownMeanings: Readonly<Record<OwnCode, Failure>> = {
  'session-needed': loginExpired(),
  'no-password': failure('ACTUAL_AUTH_FAILED', {
    message: 'There is no password for the Actual server.',
    action: 'Set ACTUAL_PASSWORD and restart.',
  }),
  'no-password-login': failure('ACTUAL_AUTH_FAILED', {
    message: 'The Actual server does not accept a login with a password, only through OpenID or a proxy.',
    action: 'Enable the login with a password in Actual as well, then retry.',
  }),
  'server-not-set-up': failure('ACTUAL_AUTH_FAILED', {
    message: 'The Actual server has not been set up: it has no password yet.',
    action: 'Open Actual in a browser, choose its password, set ACTUAL_PASSWORD to it, and restart.',
  }),
  'invalid-url': failure('ACTUAL_NOT_A_SERVER', {
    message: 'The configured address of the Actual server is not an address.',
  }),
  'not-actual': failure('ACTUAL_NOT_A_SERVER'),
  'copy-unusable': failure('LOCAL_STORAGE', {
    message: 'The local copy of the budget is damaged.',
    action: 'Check the disk of DATA_DIR, then retry.',
  }),
  'download-unusable': unusableDownload(),
  'copy-in-use': failure('LOCAL_STORAGE', {
    message: 'Another process is using the local copy of the budget.',
    action: 'End the other server that runs in the same DATA_DIR, then retry.',
    retryable: true,
  }),
  'child-ended': failure('INTERNAL', {
    message: 'The process that holds the budget open ended unexpectedly.',
    action: "Check that this machine has enough memory, then retry; the server's log has the details.",
  }),
  'no-budget-open': failure('INTERNAL'),
};

const meanings = new Map(Object.entries({ ...foreignMeanings, ...ownMeanings }));

/** Null where the word is not known. */
export function failureOfWord(word: string): Failure | null {
  return meanings.get(word) ?? null;
}

function loginExpired(): Failure {
  return failure('ACTUAL_AUTH_FAILED', {
    message: 'The login on the Actual server expired, and a new one was not accepted either.',
    action: "Retry; if it happens again, look into the Actual server's log.",
    retryable: true,
  });
}

function newKey(): Failure {
  return failure('ACTUAL_ENCRYPTION', {
    message: 'The encryption key of this budget was changed on another device.',
    action: 'Set ACTUAL_ENCRYPTION_PASSWORD and ACTUAL_SYNC_ID to the new ones and restart.',
  });
}

function unusableDownload(): Failure {
  return failure('ACTUAL_SERVER_ERROR', {
    message: 'What the Actual server holds of the budget could not be opened.',
    action: 'In Actual, choose Settings, Advanced, Reset sync, then put the new Sync ID into ACTUAL_SYNC_ID.',
    retryable: false,
  });
}
