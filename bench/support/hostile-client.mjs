// Asks a server (its address and a token are the arguments) over many connections as fast as it can. Says when it was refused for
// the first time, and, told to stop, how often it was answered and refused.
const [url, token] = process.argv.slice(2);
const connections = 50;
const counts = { answered: 0, refused: 0 };
let isStopping = false;

process.once('message', () => (isStopping = true));
await Promise.all(Array.from({ length: connections }, ask));
process.send(counts);
process.disconnect();

async function ask() {
  while (!isStopping) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ jobs(first: 100) { nodes { id status steps { status } } } }' }),
    });
    await response.text();
    if (response.status === 429 && counts.refused++ === 0) process.send('refused');
    if (response.status === 200) counts.answered += 1;
  }
}
