/** The host, and the port where it is not the usual one, that an `Origin` header names; undefined where it names none. */
export function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
