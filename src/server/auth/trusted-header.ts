import { isUtf8 } from 'node:buffer';
import { BlockList, isIP } from 'node:net';
import { originHost } from '../origin-host.js';
import {
  isSubject,
  UnauthenticatedError,
  type Authenticator,
  type Credentials,
  type Identity,
  type Request,
} from './authenticator.js';

export interface TrustedHeaderOptions {
  /** In which the proxy says who has signed in there. */
  readonly header: string;
  /** Addresses, or networks such as 10.0.0.0/8. */
  readonly proxies: readonly string[];
}

/** A proxy in front of the server signs users in, and says in a header who asks. Nobody else is believed. */
export class TrustedHeader implements Authenticator {
  readonly challenge = undefined;
  readonly #header: string;
  readonly #proxies = new BlockList();

  constructor({ header, proxies }: TrustedHeaderOptions) {
    this.#header = header.toLowerCase();
    for (const proxy of proxies) {
      const [address = '', prefix] = proxy.split('/');
      if (prefix === undefined) this.#proxies.addAddress(address, familyOf(address));
      else this.#proxies.addSubnet(address, Number(prefix), familyOf(address));
    }
  }

  objectionTo({ headers, socket }: Request): string | undefined {
    const { origin, host } = headers;
    if (origin === undefined) return undefined;
    const forwarded = this.#isProxy(socket.remoteAddress) ? headers['x-forwarded-host'] : undefined;
    const own = [host, forwarded]
      .filter((name) => typeof name === 'string')
      .map((name) => name.toLowerCase());
    const theirs = originHost(origin);
    return theirs !== undefined && own.includes(theirs)
      ? undefined
      : 'Open this server by its own address; a proxy must pass on the Host header, or send X-Forwarded-Host.';
  }

  async identify({ request }: Credentials): Promise<Identity> {
    if (!this.#isProxy(request.socket.remoteAddress)) {
      throw new UnauthenticatedError('Open this server by the address at which you sign in.');
    }
    const values = this.#valuesIn(request.rawHeaders);
    const [value] = values;
    if (value === undefined) throw new UnauthenticatedError('Sign in first.');
    // Two of them: one may have been sent by the client, and nobody knows which. A placeholder that the proxy had nothing to
    // put in for, such as Caddy's `{http.auth.user.id}`, would be one account for all whom it did not sign in.
    if (values.length > 1 || !isSubject(value) || /^\{.*\}$/.test(value)) {
      throw new UnauthenticatedError('The proxy at which you signed in does not say clearly who you are.');
    }
    return { subject: value };
  }

  #isProxy(address: string | undefined): boolean {
    if (address === undefined || isIP(address) === 0) return false;
    // A socket for both families gives an address of the older one in the form of the newer.
    const plain = /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address;
    return this.#proxies.check(plain, familyOf(plain));
  }

  #valuesIn(rawHeaders: readonly string[]): readonly string[] {
    return rawHeaders.flatMap((text, index) =>
      index % 2 === 0 && text.toLowerCase() === this.#header ? [textOf(rawHeaders[index + 1] ?? '')] : [],
    );
  }
}

/** Node reads headers as Latin-1. What is not UTF-8 names nobody: two names could be taken for one. */
function textOf(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8').trim() : '';
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
