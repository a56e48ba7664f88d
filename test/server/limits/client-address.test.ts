import { describe, expect, it } from 'vitest';
import { clientAddressOf } from '../../../src/server/limits/client-address.js';

const request = (remoteAddress: string | undefined, forwardedFor?: string) => ({
  headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  rawHeaders: [],
  socket: { remoteAddress },
});

describe('the address of a client', () => {
  it.each<[string, readonly string[], string | undefined, string | undefined, string | undefined]>([
    ['where it connects from', [], '192.0.2.7', undefined, '192.0.2.7'],
    ['the older form of what a socket for both kinds says', [], '::ffff:192.0.2.7', undefined, '192.0.2.7'],
    ['what it says itself, which nobody believes', [], '192.0.2.7', '198.51.100.1', '192.0.2.7'],
    ['what a trusted proxy says', ['127.0.0.1'], '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    [
      'what the nearest proxy says, not what stood there before',
      ['10.0.0.0/8'],
      '10.1.2.3',
      '6.6.6.6, 198.51.100.1, 10.9.9.9',
      '198.51.100.1',
    ],
    ['what a proxy says together with a port', ['127.0.0.1'], '127.0.0.1', '198.51.100.1:55', '198.51.100.1'],
    [
      'what a proxy says in brackets',
      ['127.0.0.1'],
      '127.0.0.1',
      '[2001:db8:1:2::1]:55',
      '32.1.13.184.0.1.0.2',
    ],
    [
      'what the farthest of the trusted proxies says, whatever ports they name',
      ['127.0.0.1', '10.0.0.0/8'],
      '127.0.0.1',
      '198.51.100.1:55, 10.0.0.1:3',
      '198.51.100.1',
    ],
    ['nothing on this machine', [], '127.0.0.1', undefined, undefined],
    ['nothing on this machine, the newer kind', [], '::1', undefined, undefined],
    ['nothing that is no address', ['127.0.0.1'], '127.0.0.1', 'unknown', undefined],
    ['nothing where the connection is gone', [], undefined, undefined, undefined],
    ['a network of the newer kind', [], '2001:db8:1:2:3:4:5:6', undefined, '32.1.13.184.0.1.0.2'],
  ])('is %s', (_what, proxies, remote, forwarded, address) => {
    expect(clientAddressOf(proxies)(request(remote, forwarded))).toBe(address);
  });

  it('is the same for all addresses of one network of the newer kind', () => {
    const addressOf = clientAddressOf([]);
    expect(addressOf(request('2001:db8::1'))).toBe(addressOf(request('2001:db8:0:0:ffff::2')));
    expect(addressOf(request('2001:db8::1'))).not.toBe(addressOf(request('2001:db8:0:1::1')));
  });
});
