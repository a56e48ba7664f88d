import { describe, expect, it } from 'vitest';
import { configVariables } from '../../src/config-variables.js';
import { loadConfig } from '../../src/config.js';
import type { Config } from '../../src/config.js';

type Env = Record<string, string>;

/** Files by path, in place of a disk; what is an Error is thrown. */
function load(env: Env, files: Record<string, string | Error> = {}) {
  return loadConfig(env, {
    readFile: (path) => {
      const content = files[path] ?? Object.assign(new Error('no such file'), { code: 'ENOENT' });
      if (content instanceof Error) throw content;
      return content;
    },
  });
}

function configOf(env: Env, files?: Record<string, string>): Config {
  const loaded = load(env, files);
  if ('problems' in loaded) throw new Error(`expected a config, got: ${loaded.problems.join(' ')}`);
  return loaded.ok;
}

function problemsOf(env: Env, files?: Record<string, string | Error>): readonly string[] {
  const loaded = load(env, files);
  return 'problems' in loaded ? loaded.problems : [];
}

const ownServer = {
  ACTUAL_SERVER_URL: 'https://actual.example.org',
  ACTUAL_PASSWORD: 'correct horse',
  ACTUAL_SYNC_ID: '9f1f2c9e-6f1f-4a52-8a30-4cf2a8e3a111',
};

describe('an empty environment', () => {
  it('is the demo on the loopback with every default of the table', () => {
    expect(configOf({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      trustedProxies: [],
      introspection: true,
      playground: true,
      limits: {
        bodyBytes: 1_048_576,
        frameBytes: 65_536,
        headerBytes: 16_384,
        query: { tokens: 2_000, depth: 25, aliases: 100, complexity: 150_000 },
        requestsPerMinute: { perUser: 6_000, perAddress: 12_000 },
        perUser: { connections: 100, subscriptions: 500 },
        unreadBytes: 4_194_304,
        requestTimeoutMs: 30_000,
        connectionInitTimeoutMs: 3_000,
      },
      dataDir: './data',
      logLevel: 'info',
      eventStoreUrl: undefined,
      eventStoreNamespace: undefined,
      actualServer: undefined,
      model: undefined,
      actual: { timeoutMs: 30_000, idleMs: 300_000, cancelGraceMs: 3_000, memoryMb: 2_048 },
      steps: {
        syncDeadlineMs: 300_000,
        suggestionsDeadlineMs: 600_000,
        slots: 4,
        maxAttempts: 5,
        maxInterruptions: 3,
        retryAfterMaxMs: 300_000,
        retryBaseMs: 1_000,
        retryMaxMs: 60_000,
      },
      jobs: {
        maxActive: 100,
        maxBatchTransactions: 1_000,
        commandTimeoutMs: 4_000,
        sweepIntervalMs: 5_000,
        takeoverGraceMs: 1_000,
      },
      liveness: { heartbeatIntervalMs: 5_000, goneAfterMs: 20_000 },
      retention: { days: 30, intervalMs: 3_600_000 },
      shutdownGraceMs: 20_000,
      stepStopGraceMs: 5_000,
      demoIntervalMs: 45_000,
    });
  });

  it('is warned of where it holds a name that looks like a known one', () => {
    expect(
      load({ ACTUAL_SERVER_URI: 'http://x', ACTUAL_JOBS_HOME: '/srv', EVENTSTORE_URI_FILE: '/x' }),
    ).toMatchObject({
      warnings: [
        'ACTUAL_SERVER_URI is not a known name and is ignored: did you mean ACTUAL_SERVER_URL?',
        'EVENTSTORE_URI_FILE is not a known name and is ignored: did you mean EVENTSTORE_URL_FILE?',
      ],
    });
  });

  it('warns of nothing', () => {
    expect(load({ PATH: '/usr/bin', HOME: '/root' })).toMatchObject({ warnings: [] });
  });

  it('is also one whose variables are all set to nothing', () => {
    const empty = Object.fromEntries(configVariables.map(({ name }) => [name, '']));
    expect(configOf(empty)).toEqual(configOf({}));
  });
});

describe('the table of variables', () => {
  it('describes each one in one line', () => {
    for (const { name, meaning, accepts } of configVariables) {
      expect(meaning, name).toMatch(/^[A-Z][^\n|]+\.$/);
      expect(accepts, name).not.toMatch(/[\n|]/);
    }
  });

  it.each(configVariables.flatMap((each) => (each.default === undefined ? [] : [[each.name, each.default]])))(
    'gives %s a default that may also be set: %s',
    (name, value) => {
      expect(configOf({ [name]: value })).toEqual(configOf({}));
    },
  );
});

describe('one own Actual server', () => {
  it('is configured by its address, its password and a Sync ID', () => {
    expect(configOf(ownServer).actualServer).toEqual({
      url: 'https://actual.example.org',
      password: 'correct horse',
      syncIds: ['9f1f2c9e-6f1f-4a52-8a30-4cf2a8e3a111'],
      encryptionPassword: undefined,
    });
  });

  it('may have several budgets, an encryption password and a path', () => {
    const config = configOf({
      ...ownServer,
      ACTUAL_SERVER_URL: 'http://nas.local:5006/actual/',
      ACTUAL_SYNC_ID: 'one, two',
      ACTUAL_ENCRYPTION_PASSWORD: ' s3cret ',
    });
    expect(config.actualServer).toMatchObject({
      url: 'http://nas.local:5006/actual',
      syncIds: ['one', 'two'],
      encryptionPassword: ' s3cret ',
    });
  });

  it.each(['ACTUAL_PASSWORD', 'ACTUAL_SYNC_ID'] as const)('needs %s', (name) => {
    expect(problemsOf({ ...ownServer, [name]: '' })).toEqual([
      expect.stringMatching(`^${name} is required with ACTUAL_SERVER_URL: set it to `),
    ]);
  });

  it.each(['ACTUAL_PASSWORD', 'ACTUAL_SYNC_ID', 'ACTUAL_ENCRYPTION_PASSWORD'])(
    'is not silently replaced by the demo where only %s is set',
    (name) => {
      expect(problemsOf({ [name]: 'abc' })).toEqual([
        `${name} is set but ACTUAL_SERVER_URL is not: set it too, or unset ${name} for the demo.`,
      ]);
    },
  );

  it.each([
    ['no address', 'actual.example.org'],
    ['another protocol', 'ftp://actual.example.org'],
    ['a user name', 'https://me:hunter2@actual.example.org'],
    ['a query', 'https://actual.example.org/?token=hunter2'],
    ['a fragment', 'https://actual.example.org/#hunter2'],
  ])('refuses %s without repeating it', (_, url) => {
    const [problem, ...others] = problemsOf({ ...ownServer, ACTUAL_SERVER_URL: url });
    expect(others).toEqual([]);
    expect(problem).toMatch(/^ACTUAL_SERVER_URL must be an address such as/);
    expect(problem).not.toMatch(/hunter2/);
  });

  it.each([
    ['a repeated one', 'one,two,one'],
    ['an empty one', 'one,,two'],
    ['one that is a path', '../one'],
  ])('refuses Sync IDs with %s', (_, ids) => {
    expect(problemsOf({ ...ownServer, ACTUAL_SYNC_ID: ids })).toEqual([
      expect.stringMatching(/^ACTUAL_SYNC_ID must be the Sync ID of a budget/),
    ]);
  });
});

describe('values', () => {
  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80a'],
    ['PORT', '1e3'],
    ['PORT', '0x50'],
    ['RUNNER_SLOTS', '0'],
    ['MAX_BATCH_TRANSACTIONS', '1501'],
    ['ACTUAL_TIMEOUT_MS', '0'],
    ['SWEEP_INTERVAL_MS', '2147483648'],
    ['RETENTION_DAYS', '0'],
    ['RETENTION_DAYS', '1 week'],
    ['LOG_LEVEL', 'loud'],
  ])('refuse %s=%s and say what may be set', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} must be .+; "${value}" is not\\.$`)),
    ]);
  });

  it('are read where they are at their bounds', () => {
    const config = configOf({ PORT: '0', MAX_BATCH_TRANSACTIONS: '1500', RETENTION_DAYS: '0.25' });
    expect(config).toMatchObject({
      port: 0,
      jobs: { maxBatchTransactions: 1_500 },
      retention: { days: 0.25 },
    });
  });

  it('refuse a longest wait that is shorter than the first', () => {
    expect(problemsOf({ RETRY_BASE_MS: '2000', RETRY_MAX_MS: '1000' })).toEqual([
      'RETRY_MAX_MS must not be less than RETRY_BASE_MS: raise the one or lower the other.',
    ]);
  });

  it('refuse a namespace of EventStoreDB where that is not used', () => {
    expect(problemsOf({ EVENTSTORE_NAMESPACE: 'home' })).toEqual([
      'EVENTSTORE_NAMESPACE is set but EVENTSTORE_URL is not: set it too, or unset the namespace.',
    ]);
  });

  it('refuse to take a server for gone that could not have said that it lives', () => {
    expect(problemsOf({ HEARTBEAT_INTERVAL_MS: '6000', RUNNER_GONE_AFTER_MS: '10000' })).toEqual([
      'RUNNER_GONE_AFTER_MS must be at least twice HEARTBEAT_INTERVAL_MS: raise the one or lower the other.',
    ]);
  });

  it('are reported all at once', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'x', ACTUAL_PASSWORD: 'x' })).toHaveLength(3);
  });
});

describe('HOST', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost', 'LOCALHOST'])('may be %s', (host) => {
    expect(configOf({ HOST: host }).host).toBe(host);
  });

  it.each(['0.0.0.0', '::', '192.168.1.10', '128.0.0.1', 'example.org', '127.0.0.1.example.org'])(
    'refuses %s, because there is no sign-in',
    (host) => {
      expect(problemsOf({ HOST: host })).toEqual([
        expect.stringMatching(/^HOST must be a loopback address .* without sign-in everybody/),
      ]);
    },
  );
});

describe('a model', () => {
  const key = { OPENAI_API_KEY: 'sk-secret' };
  const ollama = { OPENAI_BASE_URL: 'http://localhost:11434/v1/', OPENAI_MODEL: 'llama3.1' };

  it('is OpenAI’s where only a key is given', () => {
    expect(configOf(key).model).toEqual({
      name: 'gpt-4o-mini',
      baseUrl: undefined,
      apiKey: 'sk-secret',
      timeoutMs: 60_000,
      maxTokensPerJob: 300_000,
      maxTokensPerDay: 1_000_000,
      prices: undefined,
      sendsNotes: false,
      sendsAccountNames: false,
    });
  });

  it('needs no key on this machine', () => {
    expect(configOf(ollama).model).toMatchObject({
      ...{ name: 'llama3.1', baseUrl: 'http://localhost:11434/v1', apiKey: undefined },
    });
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.20.0.2',
    '192.168.1.5',
    '[::1]',
    '[fd00::1]',
    'ollama',
    'nas.local',
  ])('needs no key in the local network: %s', (host) => {
    const model = { OPENAI_BASE_URL: `http://${host}:1234/v1`, OPENAI_MODEL: 'x' };
    expect(configOf(model).model).toMatchObject({ apiKey: undefined });
  });

  it.each(['openrouter.ai', '8.8.8.8', '172.32.0.1', '[2001:db8::1]'])(
    'needs a key elsewhere: %s',
    (host) => {
      const model = { OPENAI_BASE_URL: `https://${host}/v1`, OPENAI_MODEL: 'x' };
      expect(problemsOf(model)).toEqual([
        expect.stringMatching(/^OPENAI_API_KEY is required with OPENAI_BASE_URL/),
      ]);
      expect(configOf({ ...model, ...key }).model).toMatchObject({ apiKey: 'sk-secret' });
    },
  );

  it.each([
    ['OPENAI_API_KEY', ' '],
    ['OPENAI_API_KEY', 'sk-s3cret\nsk-other'],
    ['OPENAI_API_KEY', 'schlüssel-s3cret'],
    ['OPENAI_BASE_URL', 'http://user:s3cret@localhost/v1'],
  ])('is refused with a %s that cannot be used, which is not shown: %j', (name, value) => {
    const problems = problemsOf({ ...ollama, [name]: value });

    expect(problems).toEqual([expect.stringMatching(`^${name} must be .*; what it is set to is not\\.$`)]);
    expect(problems.join()).not.toContain('s3cret');
  });

  it('has both prices or none', () => {
    const prices = { OPENAI_INPUT_PRICE: '0.15', OPENAI_OUTPUT_PRICE: '0.60' };
    expect(configOf({ ...key, ...prices }).model).toMatchObject({ prices: { input: 0.15, output: 0.6 } });
    expect(problemsOf({ ...key, OPENAI_INPUT_PRICE: '0.15' })).toEqual([
      'OPENAI_INPUT_PRICE and OPENAI_OUTPUT_PRICE belong together: set both, or unset both.',
    ]);
    expect(problemsOf({ ...key, ...prices, OPENAI_INPUT_PRICE: '15 cents' })).toEqual([
      expect.stringMatching(/^OPENAI_INPUT_PRICE must be /),
    ]);
  });

  it('has to be named where it is another server’s', () => {
    expect(problemsOf({ ...ollama, OPENAI_MODEL: '' })).toEqual([
      'OPENAI_MODEL is required with OPENAI_BASE_URL: set it to a model that this server offers.',
    ]);
  });

  it('cannot be asked by its name alone', () => {
    expect(problemsOf({ OPENAI_MODEL: 'gpt-4o' })).toEqual([
      'OPENAI_MODEL needs OPENAI_API_KEY or OPENAI_BASE_URL as well: set one of them, or unset OPENAI_MODEL.',
    ]);
  });

  it('gets notes and names of accounts only where that is said plainly', () => {
    const sharing = { OPENAI_SEND_NOTES: 'true', OPENAI_SEND_ACCOUNT_NAMES: 'true' };
    expect(configOf({ ...key, ...sharing }).model).toMatchObject({
      sendsNotes: true,
      sendsAccountNames: true,
    });
    expect(problemsOf({ ...key, OPENAI_SEND_NOTES: 'yes' })).toEqual([
      'OPENAI_SEND_NOTES must be true or false; "yes" is not.',
    ]);
  });
});

describe('sign-in', () => {
  const secret = { AUTH_JWT_SECRET: 'x'.repeat(32) };
  const jwks = { AUTH_JWKS_URL: 'https://id.example.org/keys?policy=1' };
  const header = {
    AUTH_TRUSTED_HEADER: 'Remote-User',
    AUTH_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,fd00::/8',
  };

  it('is by tokens that are signed with a secret', () => {
    expect(configOf({ ...secret, AUTH_JWT_AUDIENCE: 'jobs', AUTH_JWT_ISSUER: 'https://id' }).auth).toEqual({
      kind: 'JWT',
      keys: { secret: 'x'.repeat(32) },
      algorithms: ['HS256'],
      issuer: 'https://id',
      audience: 'jobs',
    });
  });

  it('is by tokens of an identity provider, signed as it is fixed here', () => {
    expect(configOf(jwks).auth).toEqual({
      kind: 'JWT',
      keys: { jwksUrl: 'https://id.example.org/keys?policy=1' },
      algorithms: ['RS256', 'ES256', 'EdDSA'],
      issuer: undefined,
      audience: undefined,
    });
    expect(configOf({ ...jwks, AUTH_JWT_ALGORITHMS: 'PS256, ES384' }).auth).toMatchObject({
      algorithms: ['PS256', 'ES384'],
    });
  });

  it('is by the header of a proxy', () => {
    expect(configOf(header).auth).toEqual({
      kind: 'TRUSTED_HEADER',
      header: 'Remote-User',
      proxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'],
    });
  });

  it.each([secret, jwks, header])('lets the server listen anywhere: %j', (auth) => {
    expect(configOf({ ...auth, HOST: '0.0.0.0' }).host).toBe('0.0.0.0');
  });

  it.each([
    [
      { AUTH_JWT_SECRET: 'x'.repeat(31) },
      /^AUTH_JWT_SECRET must be a text of at least 32 bytes; what it is set to is not/,
    ],
    [{ AUTH_JWKS_URL: 'http://id.example.org/keys' }, /^AUTH_JWKS_URL must be an address such as https/],
    [{ AUTH_JWKS_URL: 'file:///keys' }, /^AUTH_JWKS_URL must be an address/],
    [{ ...jwks, AUTH_JWT_ALGORITHMS: 'none' }, /^AUTH_JWT_ALGORITHMS must be some of RS256,/],
    [{ ...jwks, AUTH_JWT_ALGORITHMS: 'RS256,HS256' }, /^AUTH_JWT_ALGORITHMS must be some of RS256,/],
    [{ ...secret, AUTH_JWT_ALGORITHMS: 'RS256' }, /^AUTH_JWT_ALGORITHMS is set but AUTH_JWKS_URL is not/],
    [{ AUTH_JWT_ISSUER: 'x' }, /^AUTH_JWT_ISSUER is set but AUTH_JWT_SECRET or AUTH_JWKS_URL is not/],
    [
      { ...header, AUTH_JWT_AUDIENCE: 'x' },
      /^AUTH_JWT_AUDIENCE is set but AUTH_JWT_SECRET or AUTH_JWKS_URL is not/,
    ],
    [{ ...secret, ...jwks }, /^AUTH_JWT_SECRET and AUTH_JWKS_URL exclude each other/],
    [{ ...secret, ...header }, /^AUTH_JWT_SECRET and AUTH_TRUSTED_HEADER exclude each other/],
    [{ AUTH_TRUSTED_HEADER: 'Remote-User' }, /^AUTH_TRUSTED_PROXIES is required with AUTH_TRUSTED_HEADER/],
    [
      { AUTH_TRUSTED_PROXIES: '127.0.0.1' },
      /^AUTH_TRUSTED_PROXIES is set but AUTH_JWT_SECRET or AUTH_JWKS_URL or AUTH_TRUSTED_HEADER is not/,
    ],
    [{ ...header, AUTH_TRUSTED_PROXIES: 'proxy' }, /^AUTH_TRUSTED_PROXIES must be addresses or networks/],
    [
      { ...header, AUTH_TRUSTED_PROXIES: '10.0.0.0/33' },
      /^AUTH_TRUSTED_PROXIES must be addresses or networks/,
    ],
    [{ ...header, AUTH_TRUSTED_HEADER: 'Remote User' }, /^AUTH_TRUSTED_HEADER must be the name of a header/],
    [{ ...header, AUTH_TRUSTED_HEADER: 'Host' }, /^AUTH_TRUSTED_HEADER must be .+ not one such as Host/],
    [{ ...header, AUTH_TRUSTED_HEADER: 'authorization' }, /^AUTH_TRUSTED_HEADER must be the name/],
    [{ AUTH_JWKS_URL: 'https://u:pass@id/jwks' }, /^AUTH_JWKS_URL must be .+; what it is set to is not\.$/],
    [{ METRICS_TOKEN: 'short' }, /^METRICS_TOKEN must be at least 16/],
  ])('says what is wrong with %j', (env, problem) => {
    expect(problemsOf(env as Env)).toEqual([expect.stringMatching(problem)]);
  });
});

describe('ACTUAL_ACCESS', () => {
  const secret = { AUTH_JWT_SECRET: 'x'.repeat(32) };

  it('says which users may use which budgets', () => {
    const access = { alice: ['budget-1'], bob: '*', constructor: [] };
    const config = configOf({
      ...ownServer,
      ...secret,
      ACTUAL_SYNC_ID: 'budget-1',
      ACTUAL_ACCESS: JSON.stringify(access),
    });

    expect(config.access).toEqual(new Map(Object.entries(access)));
  });

  it.each([
    ['alice', /^ACTUAL_ACCESS must be JSON such as/],
    ['{"alice": "budget-1"}', /^ACTUAL_ACCESS must be JSON such as/],
    ['["alice"]', /^ACTUAL_ACCESS must be JSON such as/],
    ['{"alice": ["budget-2"]}', /^ACTUAL_ACCESS names budgets that ACTUAL_SYNC_ID does not/],
  ])('says what is wrong with %s', (text, problem) => {
    const env = { ...ownServer, ...secret, ACTUAL_SYNC_ID: 'budget-1', ACTUAL_ACCESS: text };
    expect(problemsOf(env)).toEqual([expect.stringMatching(problem)]);
  });

  it('restricts nobody where nobody signs in, and so is refused', () => {
    expect(problemsOf({ ...ownServer, ACTUAL_SYNC_ID: 'budget-1', ACTUAL_ACCESS: '{"alice": "*"}' })).toEqual(
      [expect.stringMatching(/^ACTUAL_ACCESS is set, but nobody signs in/)],
    );
    expect(problemsOf({ ...secret, ACTUAL_ACCESS: '{"alice": "*"}' })).toEqual([
      expect.stringMatching(/^ACTUAL_ACCESS is set but ACTUAL_SYNC_ID is not/),
    ]);
  });
});

describe('<name>_FILE', () => {
  it('takes the value from a file, without the newline at its end', () => {
    const config = configOf(
      { ...ownServer, ACTUAL_PASSWORD: '', ACTUAL_PASSWORD_FILE: '/run/secrets/pw' },
      { '/run/secrets/pw': ' hunter2 \n' },
    );
    expect(config.actualServer?.password).toBe(' hunter2 ');
  });

  it('works for every variable', () => {
    const withDefault = configVariables.filter((each) => each.default !== undefined);
    const env = Object.fromEntries(withDefault.map(({ name }) => [`${name}_FILE`, `/etc/${name}`]));
    const files = Object.fromEntries(withDefault.map((each) => [`/etc/${each.name}`, each.default ?? '']));
    expect(configOf(env, files)).toEqual(configOf({}));
  });

  it('cannot stand beside the value itself', () => {
    expect(problemsOf({ PORT: '4001', PORT_FILE: '/etc/port' }, { '/etc/port': '4002' })).toEqual([
      'PORT and PORT_FILE are both set: unset one of them.',
    ]);
  });

  it('must name a file that can be read and is not empty', () => {
    const denied = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    expect(problemsOf({ PORT_FILE: '/etc/port' }, { '/etc/port': denied })).toEqual([
      'PORT_FILE names the file /etc/port, which cannot be read (EACCES): correct the path or its permissions.',
    ]);
    expect(problemsOf({ PORT_FILE: '/etc/port' }, { '/etc/port': '\n' })).toEqual([
      'PORT_FILE names the file /etc/port, which is empty: write the value into it.',
    ]);
  });

  it('is one problem, not two, where a required value cannot be read', () => {
    const env = { ...ownServer, ACTUAL_PASSWORD: '', ACTUAL_PASSWORD_FILE: '/gone' };
    expect(problemsOf(env)).toEqual([expect.stringMatching(/^ACTUAL_PASSWORD_FILE names the file \/gone/)]);
  });

  it('shows nothing of a malformed secret', () => {
    const env = { ...ownServer, ACTUAL_SYNC_ID: '', ACTUAL_SYNC_ID_FILE: '/id' };
    const [problem] = problemsOf(env, { '/id': 'hunter2 hunter2' });
    expect(problem).toMatch(/^ACTUAL_SYNC_ID must be .+; what it is set to is not\.$/);
    expect(problem).not.toMatch(/hunter2/);
  });
});

describe('a .env file', () => {
  it('sets what the environment does not', () => {
    const config = configOf({ PORT: '4001' }, { '.env': 'PORT=4002\nLOG_LEVEL="debug" # noisy\n' });
    expect(config).toMatchObject({ port: 4001, logLevel: 'debug' });
  });

  it('yields to the environment also where one of the two names a file', () => {
    expect(configOf({ PORT_FILE: '/port' }, { '.env': 'PORT=4002', '/port': '4001' }).port).toBe(4001);
    expect(configOf({ PORT: '4001' }, { '.env': 'PORT_FILE=/port' }).port).toBe(4001);
  });

  it.each([
    ['PROT', 'did you mean PORT?'],
    ['ACTUAL_SERVER_ULR', 'did you mean ACTUAL_SERVER_URL?'],
    ['actual_pasword_file', 'did you mean ACTUAL_PASSWORD_FILE?'],
    ['FAVOURITE_COLOUR', 'remove it (the README lists the known names).'],
  ])('must not set an unknown name: %s', (name, action) => {
    expect(problemsOf({}, { '.env': `${name}=hunter2` })).toEqual([
      `The file .env sets ${name}, which is not a known name: ${action}`,
    ]);
  });

  it('must be readable where there is one', () => {
    const denied = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    expect(problemsOf({}, { '.env': denied })).toEqual([
      'The file .env cannot be read (EACCES): make it readable or remove it.',
    ]);
  });
});
