// Thousands of WebSockets in one process, and how long it takes until all of them have heard.
import { once } from 'node:events';
import { WebSocket } from 'ws';

const atOnce = 100;

/**
 * @param {{ count: number, url: string, protocol?: string }} options
 * @param {(socket: WebSocket, index: number) => void | Promise<void>} prepare as soon as each is open
 */
export async function openSockets({ count, url, protocol }, prepare) {
  const sockets = [];
  while (sockets.length < count) {
    const first = sockets.length;
    const some = Array.from(
      { length: Math.min(atOnce, count - first) },
      () => new WebSocket(url, protocol ?? [], { perMessageDeflate: false }),
    );
    await Promise.all(
      some.map(async (socket, index) => {
        await once(socket, 'open');
        await prepare(socket, first + index);
      }),
    );
    sockets.push(...some);
  }
  return sockets;
}

/** Subscribes to the updates of jobs over a WebSocket that is open. */
export async function subscribeToJobs(socket, { token } = {}) {
  socket.send(JSON.stringify({ type: 'connection_init', ...(token && { payload: { token } }) }));
  const [data] = await once(socket, 'message');
  if (JSON.parse(data).type !== 'connection_ack') throw new Error(`Not let in: ${data}`);
  const query = 'subscription { jobUpdated { id status position } }';
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  // Answered in their order.
  socket.send(JSON.stringify({ type: 'ping' }));
  await once(socket, 'message');
}

/** Tells how long it took from the first to the last of so many. */
export function hearing(count) {
  let heard = 0;
  let first = 0;
  let resolve = () => undefined;
  return {
    one: () => {
      const now = performance.now();
      if (heard === 0) first = now;
      heard += 1;
      if (heard === count) resolve(now - first);
    },
    all: () => {
      heard = 0;
      return new Promise((onResolve) => (resolve = onResolve));
    },
  };
}
