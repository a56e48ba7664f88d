// What is recorded of a sync that succeeded.

export const syncResult = {
  kind: 'SYNC',
  messagesReceived: 0,
  messagesSent: 0,
  transactionsChanged: 0,
  accountsTouched: [],
  durationMs: 5,
};

export const syncRequest = ({ ownerId = 'local', budgetId }) => ({
  type: 'SYNC',
  ownerId,
  budgetId,
  input: {},
  plan: [{ step: 1, type: 'SYNC' }],
});

/** The events of the job, less their version and time. */
export const endedSync = [
  { type: 'JobQueued', request: syncRequest({ budgetId: 'old' }) },
  { type: 'JobStarted' },
  { type: 'StepStarted', step: 1, attempt: 1, runnerId: 'bench' },
  { type: 'StepSucceeded', step: 1, result: syncResult },
  { type: 'JobSucceeded' },
];
