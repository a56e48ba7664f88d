import { serverAudits, type AuditResult } from 'graphql-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
let server: ServerProcess;
let results: readonly AuditResult[];

beforeAll(async () => {
  server = await startServer({ dataDir: tempFolder() });
  const audits = serverAudits({ url: `${server.url}/graphql`, fetchFn: fetch });
  results = await Promise.all(audits.map((audit) => audit.fn()));
});

afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

const failed = (results: readonly AuditResult[]) =>
  results.flatMap((result) => (result.status === 'ok' ? [] : [`${result.name}: ${result.reason}`]));

it.each([
  ['MUST', 13],
  ['SHOULD', 23],
])('does all that GraphQL over HTTP says a server %s do', (word, count) => {
  const audited = results.filter(({ name }) => name.startsWith(word));
  console.log(`${word}: ${audited.length - failed(audited).length} of ${audited.length}`);

  expect(failed(audited)).toEqual([]);
  expect(audited).toHaveLength(count);
});

it('does all that it says a server may do, but for what another site could make a browser send', () => {
  const audited = results.filter(({ name }) => name.startsWith('MAY'));
  console.log(`MAY: ${audited.length - failed(audited).length} of ${audited.length}`);

  expect(audited).toHaveLength(25);
  for (const why of failed(audited)) expect(why).toMatch(/ GETs? /);
  expect(failed(audited)).toHaveLength(3);
});
