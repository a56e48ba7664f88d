import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Identity } from '../../../src/server/auth/authenticator.js';
import { BearerToken, type BearerTokenOptions } from '../../../src/server/auth/bearer-token.js';

const secret = new TextEncoder().encode('a secret of more than thirty-two bytes');
const now = Date.parse('2026-03-01T12:00:00Z');
const inSeconds = (seconds: number) => now / 1_000 + seconds;
const nothing = () => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const claims = { sub: 'alice', exp: inSeconds(60) };

function signed(payload: JWTPayload, key: Uint8Array | CryptoKey = secret, header = {}): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', ...header }).sign(key);
}

function identify(token: string | undefined, options: Partial<BearerTokenOptions> = {}): Promise<Identity> {
  const authenticator = new BearerToken({
    keys: { secret },
    algorithms: ['HS256'],
    issuer: undefined,
    audience: undefined,
    now: () => now,
    log: silent,
    ...options,
  });
  const request = { headers: {}, rawHeaders: [], socket: { remoteAddress: '127.0.0.1' } };
  return authenticator.identify({ request, token });
}

const refusal = { code: 'UNAUTHENTICATED', name: 'UnauthenticatedError' };

describe('a token that is signed with the secret', () => {
  it('proves who asks, until it ends', async () => {
    expect(await identify(await signed(claims))).toEqual({ subject: 'alice', expiresAt: now + 60_000 });
  });

  it('may have no end', async () => {
    expect(await identify(await signed({ sub: 'alice' }))).toEqual({ subject: 'alice' });
  });

  it('may be valid from now on by a clock that is a little ahead', async () => {
    expect(await identify(await signed({ ...claims, nbf: inSeconds(4) }))).toMatchObject({
      subject: 'alice',
    });
  });

  it.each<[string, JWTPayload, RegExp]>([
    ['has ended', { ...claims, exp: inSeconds(0) }, /has expired/],
    ['ended long ago', { ...claims, exp: inSeconds(-3_600) }, /has expired/],
    ['is not valid yet', { ...claims, nbf: inSeconds(60) }, /not valid yet/],
    ['is nobody’s', { exp: claims.exp }, /claim "sub" is missing/],
    ['is of somebody without a name', { ...claims, sub: '' }, /whose it is/],
    ['is of somebody with a very long name', { ...claims, sub: 'a'.repeat(201) }, /whose it is/],
    ['is of somebody whose name breaks a line', { ...claims, sub: 'alice\nbob' }, /whose it is/],
  ])('proves nothing where it %s', async (_why, payload, message) => {
    await expect(identify(await signed(payload))).rejects.toMatchObject({
      ...refusal,
      message: expect.stringMatching(message) as string,
    });
  });

  it('is for this server, by the one who makes them, where that is configured', async () => {
    const wanted = { issuer: 'https://id.example.org', audience: 'jobs' };
    const right = { ...claims, iss: 'https://id.example.org', aud: ['others', 'jobs'] };

    expect(await identify(await signed(right), wanted)).toMatchObject({ subject: 'alice' });
    for (const payload of [
      claims,
      { ...right, aud: 'others' },
      { ...right, iss: 'https://id.example.com' },
    ]) {
      await expect(identify(await signed(payload), wanted)).rejects.toMatchObject({
        ...refusal,
        message: expect.stringMatching(/not for this server: its claim "(aud|iss)"/) as string,
      });
    }
  });
});

describe('what is no token of ours', () => {
  it('proves nothing, and is not quoted', async () => {
    const [header, payload] = (await signed(claims)).split('.');
    const otherSecret = new TextEncoder().encode('another secret of more than 32 bytes');
    for (const token of [
      'nonsense',
      'a.b.c',
      `${header}.${payload}.`,
      await signed(claims, otherSecret),
      new UnsecuredJWT(claims).encode(),
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS512' }).sign(secret),
    ]) {
      await expect(identify(token)).rejects.toMatchObject({
        ...refusal,
        message: 'This token is not valid here: sign in again.',
      });
    }
  });

  it('is missing', async () => {
    await expect(identify(undefined)).rejects.toMatchObject({
      ...refusal,
      message: 'Sign in: send a token as `Authorization: Bearer …`.',
    });
  });
});

describe('an identity provider', () => {
  const servers: Server[] = [];

  afterEach(async () => {
    vi.useRealTimers();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  });

  /** Publishes what `keys` holds at that moment. */
  async function publishing(keys: () => readonly object[]) {
    const reads = { count: 0 };
    const server = createServer((_request, response) => {
      reads.count += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: keys() }));
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
    return { jwksUrl, reads };
  }

  async function keyPair(kid: string, alg = 'ES256') {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
    return { jwk, sign: (payload: JWTPayload) => signed(payload, privateKey, { alg, kid }) };
  }

  const authenticatorFor = (jwksUrl: string) =>
    new BearerToken({
      keys: { jwksUrl },
      algorithms: ['ES256'],
      issuer: undefined,
      audience: undefined,
      now: () => now,
      log: silent,
    });
  const request = { headers: {}, rawHeaders: [], socket: { remoteAddress: '127.0.0.1' } };

  it('is believed by its keys, which are read once for many tokens', async () => {
    const key = await keyPair('one');
    const { jwksUrl, reads } = await publishing(() => [key.jwk]);
    const authenticator = authenticatorFor(jwksUrl);

    for (const sub of ['alice', 'bob']) {
      const token = await key.sign({ ...claims, sub });
      expect(await authenticator.identify({ request, token })).toMatchObject({ subject: sub });
    }
    expect(reads.count).toBe(1);
  });

  it('is not believed where a key is unknown, the algorithm another one, or the end left open', async () => {
    const [known, unknown, other] = [
      await keyPair('one'),
      await keyPair('two'),
      await keyPair('three', 'RS256'),
    ];
    const { jwksUrl } = await publishing(() => [known.jwk, other.jwk]);
    const authenticator = authenticatorFor(jwksUrl);

    for (const token of [
      await unknown.sign(claims),
      await other.sign(claims),
      await known.sign({ sub: 'alice' }),
      // The public key is no secret: whoever takes it for one must not get in.
      await signed(claims, new TextEncoder().encode(JSON.stringify(known.jwk)), { kid: 'one' }),
    ]) {
      await expect(authenticator.identify({ request, token })).rejects.toMatchObject(refusal);
    }
  });

  it('may change its keys: a new one is looked for when a token names it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const [before, after] = [await keyPair('before'), await keyPair('after')];
    let published = [before.jwk];
    const { jwksUrl, reads } = await publishing(() => published);
    const authenticator = authenticatorFor(jwksUrl);
    expect(await authenticator.identify({ request, token: await before.sign(claims) })).toMatchObject({
      subject: 'alice',
    });

    published = [before.jwk, after.jwk];
    vi.setSystemTime(Date.now() + 60_000);
    expect(await authenticator.identify({ request, token: await after.sign(claims) })).toMatchObject({
      subject: 'alice',
    });
    expect(reads.count).toBe(2);
  });

  it('that cannot be reached lets nobody in, and says that it is not the token’s fault', async () => {
    const key = await keyPair('one');
    const { jwksUrl } = await publishing(() => [key.jwk]);
    servers[0]?.close();
    servers[0]?.closeAllConnections();

    await expect(
      authenticatorFor(jwksUrl).identify({ request, token: await key.sign(claims) }),
    ).rejects.toMatchObject({
      name: 'IdentityUncheckedError',
      message: expect.stringMatching(/could not be checked/) as string,
    });
  });
});
