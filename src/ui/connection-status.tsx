import type { Connection } from './feed/job-feed.js';

const words = {
  LIVE: 'Live',
  RECONNECTING: 'Reconnecting…',
  OFFLINE: 'Offline',
} as const satisfies Record<Connection, string>;

export function ConnectionStatus({ connection }: { readonly connection: Connection }) {
  return (
    <p role="status" className={`connection connection-${connection.toLowerCase()}`}>
      {words[connection]}
    </p>
  );
}
