// Asks over so many connections of one user as fast as answers come, until it is ended; tells of the first refusal.
import { Agent } from 'node:http';
import { ask } from './ask.mjs';

process.once('disconnect', () => process.exit());
process.once('message', ({ url, token, connections, query }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let answered = 0;
  const askOn = async () => {
    for (;;) {
      const { status } = await ask(url, { agent, token, query });
      if (status === 429) break;
      answered += 1;
    }
    if (answered > 0) process.send({ answered });
    answered = 0;
    // Asks on all the same.
    for (;;) await ask(url, { agent, token, query });
  };
  for (let each = 0; each < connections; each++) void askOn();
});
