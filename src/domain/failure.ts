/**
 * Why a step or a job failed, in words for the person who started it: a stable code, one sentence, and what
 * to do about it. Never a stack, a library's raw text or a secret.
 */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly action: string;
  /** Whether starting the same work again, unchanged, can succeed. */
  readonly retryable: boolean;
}

export type FailureCode = keyof typeof catalogue;

const catalogue = {
  ACTUAL_UNREACHABLE: {
    message: 'The Actual server could not be reached.',
    action: 'Check that the Actual server is running and that its address is right, then retry.',
    retryable: true,
  },
  ACTUAL_TIMEOUT: {
    message: 'The Actual server did not answer in time.',
    action: 'Check how busy the Actual server is, then retry.',
    retryable: true,
  },
  ACTUAL_AUTH_FAILED: {
    message: 'The Actual server rejected the password.',
    action: 'Set the right ACTUAL_PASSWORD and restart.',
    retryable: false,
  },
  ACTUAL_RATE_LIMITED: {
    message: 'The Actual server is receiving too many requests.',
    action: 'Wait some minutes, then retry.',
    retryable: true,
  },
  ACTUAL_BUDGET_NOT_FOUND: {
    message: 'The Actual server has no budget with this Sync ID.',
    action: 'Copy the Sync ID from Settings, Advanced in Actual into ACTUAL_SYNC_ID.',
    retryable: false,
  },
  ACTUAL_BUDGET_RESET: {
    message: "This budget's sync was reset from another device.",
    action: 'Copy the new Sync ID from Settings, Advanced in Actual into ACTUAL_SYNC_ID.',
    retryable: false,
  },
  ACTUAL_ENCRYPTION: {
    message: 'This budget is end-to-end encrypted and could not be opened.',
    action: 'Set the right ACTUAL_ENCRYPTION_PASSWORD and restart.',
    retryable: false,
  },
  ACTUAL_VERSION_MISMATCH: {
    message: 'The budget was written by a newer version of Actual than this app understands.',
    action: 'Update this app to a release that supports your version of Actual.',
    retryable: false,
  },
  ACTUAL_NOT_A_SERVER: {
    message: 'What answers at the configured address is not an Actual server.',
    action: 'Set ACTUAL_SERVER_URL to the address at which you open Actual.',
    retryable: false,
  },
  ACTUAL_SERVER_ERROR: {
    message: 'The Actual server reported an error of its own.',
    action: "Look into the Actual server's log, then retry.",
    retryable: true,
  },
  LOCAL_STORAGE: {
    message: 'The local copy of the budget could not be written.',
    action: 'Check that DATA_DIR is writable and that its disk has room.',
    retryable: false,
  },
  MODEL_UNREACHABLE: {
    message: 'The model could not be reached.',
    action: 'Check OPENAI_BASE_URL and your connection, then retry.',
    retryable: true,
  },
  MODEL_TIMEOUT: {
    message: 'The model did not answer in time.',
    action: 'Retry later.',
    retryable: true,
  },
  MODEL_AUTH_FAILED: {
    message: 'The model rejected the API key.',
    action: 'Set the right OPENAI_API_KEY and restart.',
    retryable: false,
  },
  MODEL_RATE_LIMITED: {
    message: 'The model is receiving too many requests.',
    action: 'Wait some minutes, then retry.',
    retryable: true,
  },
  MODEL_QUOTA: {
    message: 'The quota of your model account is used up.',
    action: "Check your plan and billing at the model's provider.",
    retryable: false,
  },
  MODEL_BAD_ANSWER: {
    message: 'The model gave an answer that could not be used.',
    action: 'Retry, or choose another OPENAI_MODEL.',
    retryable: true,
  },
  MODEL_CAP_REACHED: {
    message: 'The spending cap for the model is reached.',
    action: 'Retry when the cap allows it, or raise the cap.',
    retryable: true,
  },
  BATCH_EMPTY: {
    message: 'There was no transaction to suggest a category for.',
    action: 'Nothing needs to be done; start again when there are uncategorised transactions.',
    retryable: false,
  },
  STEP_DEADLINE: {
    message: 'The step took longer than it may and was stopped.',
    action: 'Retry; if it happens again, raise the deadline of the step.',
    retryable: true,
  },
  INTERRUPTED_TOO_OFTEN: {
    message: 'The server stopped several times while this step was running.',
    action: "Look into the server's log for the cause, then retry.",
    retryable: true,
  },
  PREREQUISITE_FAILED: {
    message: 'This step never started because an earlier step failed.',
    action: 'Mend what made the earlier step fail, then retry.',
    retryable: true,
  },
  INTERNAL: {
    message: 'Something went wrong inside this app.',
    action: "Retry; if it happens again, report it with the server's log.",
    retryable: true,
  },
} as const satisfies Record<string, Omit<Failure, 'code'>>;

export const failureCodes = Object.keys(catalogue) as [FailureCode, ...FailureCode[]];

/**
 * A failure from the catalogue. `specifics` replaces the general sentence, action or retryability where
 * more is known, for example which host could not be found.
 */
export function failure(code: FailureCode, specifics: Partial<Omit<Failure, 'code'>> = {}): Failure {
  return { code, ...catalogue[code], ...specifics };
}
