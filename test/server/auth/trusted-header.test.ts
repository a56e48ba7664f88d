import { describe, expect, it } from 'vitest';
import type { Identity } from '../../../src/server/auth/authenticator.js';
import { TrustedHeader } from '../../../src/server/auth/trusted-header.js';

const authenticator = new TrustedHeader({
  header: 'Remote-User',
  proxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'],
});

function requestFrom(remoteAddress: string, ...rawHeaders: string[]) {
  const headers = Object.fromEntries(
    rawHeaders.flatMap((text, index) =>
      index % 2 === 0 ? [[text.toLowerCase(), rawHeaders[index + 1]]] : [],
    ),
  ) as Record<string, string>;
  return { headers, rawHeaders, socket: { remoteAddress } };
}

function identify(remoteAddress: string, ...rawHeaders: string[]): Promise<Identity> {
  return authenticator.identify({ request: requestFrom(remoteAddress, ...rawHeaders), token: undefined });
}

describe('the header of a proxy', () => {
  it.each(['127.0.0.1', '::ffff:127.0.0.1', '10.1.2.3', '::ffff:10.1.2.3', 'fd12::1'])(
    'says who asks where it comes from %s',
    async (address) => {
      expect(await identify(address, 'Host', 'jobs', 'remote-user', 'alice')).toEqual({ subject: 'alice' });
    },
  );

  it('may hold any letters', async () => {
    expect(await identify('127.0.0.1', 'Remote-User', Buffer.from('zoë').toString('latin1'))).toEqual({
      subject: 'zoë',
    });
  });

  it.each(['127.0.0.2', '11.0.0.1', '::1', '2001:db8::1', '::ffff:192.168.0.1', ''])(
    'is not believed from %s',
    async (address) => {
      await expect(identify(address, 'Remote-User', 'alice')).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
        message: expect.stringMatching(/by the address at which you sign in/) as string,
      });
    },
  );

  it.each([
    ['it is missing', []],
    ['it is empty', ['Remote-User', '  ']],
    ['it is there twice', ['Remote-User', 'mallory', 'REMOTE-USER', 'alice']],
    ['it breaks a line', ['Remote-User', Buffer.from('alice\u0085bob').toString('latin1')]],
    ['it is not in UTF-8', ['Remote-User', 'zo\u00eb']],
    ['the proxy had no name to put in', ['Remote-User', '{http.auth.user.id}']],
    ['another one is like it', ['Remote_User', 'alice']],
  ])('proves nothing where %s', async (_why, headers) => {
    await expect(identify('127.0.0.1', ...headers)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('a page of another site', () => {
  it.each([
    ['none, as of a script', [], true],
    ['the server’s own', ['Host', 'jobs.example.org', 'Origin', 'https://jobs.example.org'], true],
    ['the server’s own, with a port', ['Host', 'jobs:8443', 'Origin', 'https://jobs:8443'], true],
    [
      'that of the proxy',
      ['Host', 'backend:4000', 'X-Forwarded-Host', 'jobs.org', 'Origin', 'https://jobs.org'],
      true,
    ],
    ['another one', ['Host', 'jobs.example.org', 'Origin', 'https://evil.example'], false],
    ['one that hides', ['Host', 'jobs.example.org', 'Origin', 'null'], false],
  ])('asks in nobody’s name: origin is %s', (_what, headers, isAdmitted) => {
    const objection = authenticator.objectionTo(requestFrom('10.0.0.1', ...headers));
    if (isAdmitted) expect(objection).toBeUndefined();
    else expect(objection).toMatch(/its own address/);
  });

  it('cannot name the proxy itself', () => {
    const headers = ['Host', 'jobs', 'X-Forwarded-Host', 'evil.example', 'Origin', 'https://evil.example'];
    expect(authenticator.objectionTo(requestFrom('192.168.0.9', ...headers))).toMatch(/its own address/);
  });
});
