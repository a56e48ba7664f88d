// What goes wrong when a test says so.

export class Faults {
  /** Nothing is answered but that the server is not ready. */
  isNotReady = false;
  /** `{ host, port }` of who is said to be the leader instead. */
  leader;
  /** How the next appends go: 'landed' and 'lost' break the connection, 'reset' ends the stream in silence. */
  appendCourses = [];
  #subscriptions = new Set();

  follow(call) {
    this.#subscriptions.add(call);
    call.on('close', () => this.#subscriptions.delete(call));
    call.on('cancelled', () => this.#subscriptions.delete(call));
  }

  /** How many events each subscription has been sent, as far as the server can tell. */
  get sent() {
    return [...this.#subscriptions].map(({ sent = 0 }) => sent);
  }

  /** 'reset' | 'dropped' | 'ended' */
  endSubscriptions(how) {
    for (const call of this.#subscriptions) {
      if (how === 'reset') resetStream(call);
      else if (how === 'ended') call.end();
      else call.emit('error', { code: 2, details: 'Unexpected SubscriptionDropReason: Unsubscribed' });
    }
    this.#subscriptions.clear();
  }
}

/** An error of the protocol, where the server does not do what it was asked for. */
export function refusalOf(faults, metadataOf) {
  if (faults.isNotReady) return { code: 14, details: 'Server Is Not Ready' };
  if (!faults.leader) return undefined;
  const { host, port } = faults.leader;
  const metadata = metadataOf({
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  });
  return { code: 5, details: 'Leader info available', metadata };
}

/** The client sees "Received RST_STREAM with code 0". */
export function resetStream(call) {
  streamOf(call).close(0);
}

/** The client sees "read ECONNRESET". */
export function breakConnection(call) {
  streamOf(call).session.socket.resetAndDestroy();
}

/** The HTTP/2 stream below a call of the gRPC library. */
function streamOf(call) {
  let below = call.call;
  while (below.stream === undefined) below = below.nextCall;
  return below.stream;
}
