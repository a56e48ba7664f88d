/** `LIVE` only while updates can arrive. */
export type Connection = 'LIVE' | 'RECONNECTING' | 'OFFLINE';
