/** What was met by a client that was refused for it. */
export const limitNames = [
  ...(['tokens', 'depth', 'aliases', 'complexity', 'body', 'frame', 'headers'] as const),
  ...(['user_rate', 'address_rate', 'connections', 'subscriptions', 'unread'] as const),
  ...(['request_time', 'connection_init_time'] as const),
];

/** To be told of each client that met a limit. */
export type OnRefusal = (limit: (typeof limitNames)[number]) => void;
