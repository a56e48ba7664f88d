// Sends one string to all its WebSockets whenever it is told to, and nothing else: the least that fan-out costs.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => process.send({ port: server.address().port }));
process.on('message', ({ text }) => {
  for (const client of server.clients) client.send(text);
});
