import { describe, expect, it } from 'vitest';
import { parseJobArguments } from '../../src/job-command/job-arguments.js';

const parse = (line: string, env: Record<string, string> = {}) =>
  parseJobArguments(line.split(' ').filter(Boolean), {
    env,
    readFile: (path) => {
      if (path !== '/token') throw new Error('No such file');
      return 'from-a-file\n';
    },
  });

describe('what is to be started', () => {
  it.each([
    ['sync', { type: 'SYNC' }],
    ['suggest', { type: 'SUGGESTIONS_GENERATION', batch: { allUncategorized: true } }],
    ['suggest --transactions a,b', { type: 'SUGGESTIONS_GENERATION', batch: { transactionIds: ['a', 'b'] } }],
    [
      'sync-and-suggest --budget b1 --on-conflict return-existing --key k',
      {
        type: 'SYNC_AND_GENERATE',
        batch: { allUncategorized: true },
        budgetId: 'b1',
        onConflict: 'RETURN_EXISTING',
        idempotencyKey: 'k',
      },
    ],
  ])('is said by %s', (line, input) => {
    expect(parse(line)).toMatchObject({ input });
  });

  it('is started here, without waiting, unless that is said', () => {
    expect(parse('sync')).toMatchObject({ url: 'http://localhost:4000', waits: false, timeoutMs: undefined });
    expect(
      parse('sync --wait --timeout 1.5 --json', { ACTUAL_JOBS_URL: 'https://jobs.example.org' }),
    ).toMatchObject({
      url: 'https://jobs.example.org',
      waits: true,
      timeoutMs: 1_500,
      json: true,
    });
  });

  it('is started by whoever the token in the environment, or in a file, says', () => {
    expect(parse('sync', { ACTUAL_JOBS_TOKEN: 'token' })).toMatchObject({ token: 'token' });
    expect(parse('sync', { ACTUAL_JOBS_TOKEN_FILE: '/token' })).toMatchObject({ token: 'from-a-file' });
  });

  it.each([
    ['', /^Say what to start: sync, suggest, sync-and-suggest\.$/],
    ['dance', /^Say what to start/],
    ['sync suggest', /^Say what to start/],
    ['toString', /^Say what to start/],
    ['sync --token x', /^Unknown option '--token'\.$/],
    ['sync --timeout soon', /^--timeout must be a number of seconds; "soon" is not\.$/],
    ['sync --url localhost:4000', /^--url must be an address/],
    ['sync --url http://anna:secret@jobs', /^--url must hold no user name and no password/],
    ['sync --on-conflict fight', /^--on-conflict must be one of/],
    ['sync --transactions a', /^--transactions is for suggestions/],
    ['suggest --transactions=', /^--transactions must be ids/],
    ['suggest --transactions a,,b', /^--transactions must be ids/],
  ])('cannot be understood from %j, and it is said why', (line, problem) => {
    expect(parse(line)).toEqual({ problem: expect.stringMatching(problem) as string });
  });

  it.each(['--help', '-h', 'sync --help'])('is asked for by %s', (line) => {
    expect(parse(line)).toBe('HELP');
  });

  it.each(['two lines\nof text', '€'])('cannot be started with %j for a token', (token) => {
    expect(parse('sync', { ACTUAL_JOBS_TOKEN: token })).toEqual({
      problem: expect.stringMatching(/^ACTUAL_JOBS_TOKEN holds no token/) as string,
    });
  });

  it('cannot be started with a token that is not there', () => {
    expect(parse('sync', { ACTUAL_JOBS_TOKEN_FILE: '/nowhere' })).toEqual({
      problem: 'The file that ACTUAL_JOBS_TOKEN_FILE names (/nowhere) cannot be read.',
    });
  });
});
