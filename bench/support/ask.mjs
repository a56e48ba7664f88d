// One GraphQL request over HTTP on a connection that is kept: with less of its own than `fetch` costs.
import { request } from 'node:http';

/** @param {{ agent: import('node:http').Agent, token: string, query: string }} options */
export function ask(url, { agent, token, query }) {
  const body = JSON.stringify({ query });
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const asked = request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('error', reject).on('end', () => resolve({ status: response.statusCode, text }));
    });
    asked.on('error', (error) => {
      // The server closed a connection that was idle just as it was used again: Node's documentation says to ask again.
      if (asked.reusedSocket && error.code === 'ECONNRESET') resolve(ask(url, { agent, token, query }));
      else reject(error);
    });
    asked.end(body);
  });
}
