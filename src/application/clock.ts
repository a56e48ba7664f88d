/** The present time, as an ISO instant in UTC. */
export type Clock = () => string;

export const systemClock: Clock = () => new Date().toISOString();
