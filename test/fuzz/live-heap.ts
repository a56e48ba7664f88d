import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Makes Node listen for a debugger on any free port of the loopback, and say where. */
export const inspected = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

interface Answer {
  readonly id: number;
  readonly result?: { readonly usedSize?: number };
}

/**
 * How much of its heap a process that runs with `inspected` still needs (bytes), by the Chrome DevTools Protocol: what is
 * resident says more of when the garbage collector last saw a reason to work.
 *
 * @param output what it has written so far
 */
export async function liveHeapBytes(output: string): Promise<number> {
  const [, address] = /Debugger listening on (ws:\S+)/.exec(output) ?? [];
  if (address === undefined) throw new Error('The process listens for no debugger');
  const socket = new WebSocket(address);
  await once(socket, 'open');
  const ask = async (id: number, method: string): Promise<Answer> => {
    socket.send(JSON.stringify({ id, method }));
    for (;;) {
      const [data] = (await once(socket, 'message')) as [Buffer];
      const answer = JSON.parse(data.toString()) as Answer;
      if (answer.id === id) return answer;
    }
  };
  await ask(1, 'HeapProfiler.collectGarbage');
  const { result } = await ask(2, 'Runtime.getHeapUsage');
  socket.close();
  await once(socket, 'close');
  return result?.usedSize ?? NaN;
}
