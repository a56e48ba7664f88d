/** Variables of servers that share EventStoreDB, so that one that was killed is soon known to be gone. */
export const soonGone = {
  HEARTBEAT_INTERVAL_MS: '200',
  RUNNER_GONE_AFTER_MS: '2000',
  TAKEOVER_GRACE_MS: '200',
  SWEEP_INTERVAL_MS: '1000',
};
