import type { Connection } from './feed/job-feed.js';
import { Instant } from './parts/instant.js';

const words = {
  LIVE: 'Live',
  RECONNECTING: 'Reconnecting…',
  OFFLINE: 'Offline',
} as const satisfies Record<Connection, string>;

interface Properties {
  readonly connection: Connection;
  readonly lastLiveAt: string | null;
}

export function ConnectionStatus({ connection, lastLiveAt }: Properties) {
  return (
    <div className="connection-line">
      <p role="status" className={`connection connection-${connection.toLowerCase()}`}>
        {words[connection]}
      </p>
      {lastLiveAt !== null && (
        <p className="as-of">
          As of <Instant at={lastLiveAt} />
        </p>
      )}
    </div>
  );
}
