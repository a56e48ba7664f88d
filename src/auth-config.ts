import { variables, type ConfigValues } from './config-variables.js';
import { isLoopback } from './local-address.js';

/** How users sign in. */
export type AuthConfig = JwtConfig | TrustedHeaderConfig;

interface JwtConfig {
  readonly kind: 'JWT';
  readonly keys: { readonly secret: string } | { readonly jwksUrl: string };
  readonly algorithms: readonly string[];
  /** Absent: anybody's. */
  readonly issuer: string | undefined;
  /** Absent: for anybody. */
  readonly audience: string | undefined;
}

interface TrustedHeaderConfig {
  readonly kind: 'TRUSTED_HEADER';
  readonly header: string;
  /** Addresses, or networks such as 10.0.0.0/8; at least one. */
  readonly proxies: readonly string[];
}

/** The budgets that each subject may use, by Sync ID; '*': all. Subjects that are not named may use none. */
export type AccessConfig = ReadonlyMap<string, '*' | readonly string[]>;

const ways = ['AUTH_JWT_SECRET', 'AUTH_JWKS_URL', 'AUTH_TRUSTED_HEADER'] as const;

/** Undefined where nobody signs in. */
export function authConfigOf(
  values: ConfigValues,
  given: ReadonlySet<string>,
  problems: string[],
): AuthConfig | undefined {
  const [way, ...others] = ways.filter((name) => given.has(name));
  if (others.length > 0) {
    problems.push(`${[way, ...others].join(' and ')} exclude each other: set one of them.`);
  }
  const requires = (name: keyof ConfigValues, wanted: readonly (keyof ConfigValues)[]) => {
    if (!given.has(name) || wanted.some((each) => given.has(each))) return;
    problems.push(`${name} is set but ${wanted.join(' or ')} is not: set it too, or unset ${name}.`);
  };
  requires('AUTH_JWT_ISSUER', ['AUTH_JWT_SECRET', 'AUTH_JWKS_URL']);
  requires('AUTH_JWT_AUDIENCE', ['AUTH_JWT_SECRET', 'AUTH_JWKS_URL']);
  if (way !== undefined) requires('AUTH_JWT_ALGORITHMS', ['AUTH_JWKS_URL']);
  requires('AUTH_TRUSTED_PROXIES', ways);
  if (given.has('AUTH_TRUSTED_HEADER') && !given.has('AUTH_TRUSTED_PROXIES')) {
    const { accepts } = variables.AUTH_TRUSTED_PROXIES;
    problems.push(`AUTH_TRUSTED_PROXIES is required with AUTH_TRUSTED_HEADER: set it to ${accepts}.`);
  }
  if (way === undefined && given.has('HOST') && !isLoopback(values.HOST)) {
    problems.push(
      `HOST must be a loopback address (127.0.0.1, ::1 or localhost), because without sign-in everybody who can reach it could use your budget; or set one of ${ways.join(', ')}.`,
    );
  }
  return configOf(values);
}

function configOf(values: ConfigValues): AuthConfig | undefined {
  const { AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: jwksUrl, AUTH_TRUSTED_HEADER: header } = values;
  const claims = { issuer: values.AUTH_JWT_ISSUER, audience: values.AUTH_JWT_AUDIENCE };
  if (secret !== undefined) return { kind: 'JWT', keys: { secret }, algorithms: ['HS256'], ...claims };
  if (jwksUrl !== undefined) {
    return { kind: 'JWT', keys: { jwksUrl }, algorithms: values.AUTH_JWT_ALGORITHMS, ...claims };
  }
  return header === undefined
    ? undefined
    : { kind: 'TRUSTED_HEADER', header, proxies: values.AUTH_TRUSTED_PROXIES ?? [] };
}

/** Undefined where everybody may use all budgets. */
export function accessConfigOf(
  { ACTUAL_ACCESS: access, ACTUAL_SYNC_ID: syncIds = [] }: ConfigValues,
  given: ReadonlySet<string>,
  auth: AuthConfig | undefined,
  problems: string[],
): AccessConfig | undefined {
  if (access === undefined) return undefined;
  if (!auth) problems.push(`ACTUAL_ACCESS is set, but nobody signs in: set one of ${ways.join(', ')} too.`);
  if (!given.has('ACTUAL_SYNC_ID')) {
    problems.push('ACTUAL_ACCESS is set but ACTUAL_SYNC_ID is not: set it too, or unset ACTUAL_ACCESS.');
    return access;
  }
  const named = new Set([...access.values()].flatMap((ids) => (ids === '*' ? [] : ids)));
  const unknown = [...named].filter((id) => !syncIds.includes(id));
  if (unknown.length > 0) {
    problems.push(
      'ACTUAL_ACCESS names budgets that ACTUAL_SYNC_ID does not: add them there, or leave them out.',
    );
  }
  return access;
}
