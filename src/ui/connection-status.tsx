import type { Connection } from './feed/connection.js';
import { Instant } from './parts/instant.js';
import { strings } from './strings.js';

interface Properties {
  readonly connection: Connection;
  readonly lastLiveAt: string | null;
}

export function ConnectionStatus({ connection, lastLiveAt }: Properties) {
  return (
    <div className="connection-line">
      <p role="status" className={`connection connection-${connection.toLowerCase()}`}>
        {strings.connection[connection]}
      </p>
      {lastLiveAt !== null && <p className="as-of">{strings.asOf(<Instant at={lastLiveAt} />)}</p>}
    </div>
  );
}
