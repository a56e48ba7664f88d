import { SignJWT } from 'jose';

/** For AUTH_JWT_SECRET. */
export const tokenSecret = 'a secret that is used in tests only';

/** A token with which `subject` signs in where the secret is `tokenSecret`. */
export function tokenOf(subject: string, expires: string | Date = '1h'): Promise<string> {
  return new SignJWT({ sub: subject })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(tokenSecret));
}
