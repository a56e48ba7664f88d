import type { Logger } from './application/logger.js';
import type { Config } from './config.js';
import type { Authenticator } from './server/auth/authenticator.js';
import { localUser } from './server/auth/local-user.js';
import { TrustedHeader } from './server/auth/trusted-header.js';

/** How users sign in, as it is configured. */
export async function openAuthenticator({ auth }: Pick<Config, 'auth'>, log: Logger): Promise<Authenticator> {
  switch (auth?.kind) {
    case undefined:
      return localUser;
    case 'TRUSTED_HEADER':
      return new TrustedHeader(auth);
    case 'JWT': {
      const { BearerToken } = await import('./server/auth/bearer-token.js');
      const keys = 'secret' in auth.keys ? { secret: new TextEncoder().encode(auth.keys.secret) } : auth.keys;
      return new BearerToken({ ...auth, keys, now: Date.now, log });
    }
    default:
      return auth satisfies never;
  }
}
