/** The token in an `Authorization` header (RFC 6750); undefined where there is none. */
export function bearerTokenIn(authorization: string | undefined): string | undefined {
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization ?? '')?.[1];
}
