import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { Logger } from '../../application/logger.js';
import {
  isSubject,
  IdentityUncheckedError,
  UnauthenticatedError,
  type Authenticator,
  type Credentials,
  type Identity,
} from './authenticator.js';

export interface BearerTokenOptions {
  readonly keys: TokenKeys;
  /** Nothing else is accepted, whatever a token says of itself. */
  readonly algorithms: readonly string[];
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Logger;
}

/** With a shared secret whoever signs may also leave out when a token ends; an identity provider may not. */
type TokenKeys = { readonly secret: Uint8Array } | { readonly jwksUrl: string };

/** A key that is not known is asked for at most so often; all are read anew after a while (milliseconds). */
const cooldownMs = 30_000;
const cacheMaxAgeMs = 600_000;
const timeoutMs = 5_000;
/** Clocks differ: a token may become valid so much earlier. It never stays so longer than it says. */
const skewSeconds = 5;

/** JSON Web Tokens (RFC 7519), signed with a secret or by an identity provider. */
export class BearerToken implements Authenticator {
  readonly challenge = 'Bearer';
  readonly #options: BearerTokenOptions;
  readonly #keyOf: JWTVerifyGetKey;

  constructor(options: BearerTokenOptions) {
    this.#options = options;
    const { keys } = options;
    this.#keyOf =
      'secret' in keys
        ? () => keys.secret
        : createRemoteJWKSet(new URL(keys.jwksUrl), {
            timeoutDuration: timeoutMs,
            cooldownDuration: cooldownMs,
            cacheMaxAge: cacheMaxAgeMs,
          });
  }

  /** A token is sent by whoever has it, and by no browser on its own. */
  objectionTo(): undefined {
    return undefined;
  }

  async identify({ token }: Credentials): Promise<Identity> {
    if (token === undefined)
      throw new UnauthenticatedError('Sign in: send a token as `Authorization: Bearer …`.');
    const { sub, exp } = await this.#verified(token);
    if (!isSubject(sub)) throw new UnauthenticatedError('This token does not say whose it is.');
    if (exp === undefined) return { subject: sub };
    const expiresAt = exp * 1_000;
    if (expiresAt <= this.#options.now())
      throw new UnauthenticatedError('This token has expired: sign in again.');
    return { subject: sub, expiresAt };
  }

  async #verified(token: string): Promise<JWTPayload> {
    const { keys, algorithms, issuer, audience, now } = this.#options;
    const options = {
      algorithms: [...algorithms],
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
      requiredClaims: ['sub', ...('secret' in keys ? [] : ['exp'])],
      clockTolerance: skewSeconds,
      currentDate: new Date(now()),
    };
    try {
      const { payload } = await jwtVerify(token, this.#keyOf, options);
      return payload;
    } catch (error) {
      throw this.#refused(error);
    }
  }

  #refused(error: unknown): UnauthenticatedError {
    if (error instanceof errors.JWTExpired) {
      return new UnauthenticatedError('This token has expired: sign in again.');
    }
    if (error instanceof errors.JWTClaimValidationFailed) {
      const { claim } = error;
      return new UnauthenticatedError(
        claim === 'nbf' || claim === 'iat'
          ? 'This token is not valid yet: look at the clock of whoever made it.'
          : `This token is not for this server: its claim "${claim}" is missing or another one.`,
      );
    }
    if (isAboutToken(error)) return new UnauthenticatedError('This token is not valid here: sign in again.');
    this.#options.log.warn({ code: codeOf(error) }, 'The keys of AUTH_JWKS_URL could not be read');
    return new IdentityUncheckedError(
      'Your sign-in could not be checked, as the keys of the identity provider could not be read: try again.',
    );
  }
}

function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
