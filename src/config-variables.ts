import { z } from 'zod';
import { limitVariables } from './limit-variables.js';
import { isLocal } from './local-address.js';
import { milliseconds, number, whole, yesOrNo } from './variable-kinds.js';

/** One environment variable: what the README's table says about it, and how its text becomes a value. */
export interface ConfigVariable {
  readonly name: string;
  /** As it would be written in the environment; absent where nothing is assumed. */
  readonly default: string | undefined;
  /** What may be written, with its unit; completes the sentence "NAME must be ...". */
  readonly accepts: string;
  /** One line for the README. */
  readonly meaning: string;
  /** Its value must never be shown. */
  readonly secret: boolean;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const secretText = (meaning: string) => ({
  default: undefined,
  accepts: 'text, not empty',
  meaning,
  secret: true,
  schema: z.string(),
});

const price = (meaning: string) => ({
  default: undefined,
  accepts: 'a number such as 0.15',
  meaning: `${meaning}, in any currency; with both prices jobs tell what the model cost.`,
  secret: false,
  schema: number(/^\d+(\.\d+)?$/, 0, 1_000_000),
});

/** Where no other server is named. */
export const openAiDefaultModel = 'gpt-4o-mini';

/** An address and nothing else: what stands in a URL besides it would end up in logs. */
function isServerAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined &&
    ['http:', 'https:'].includes(url.protocol) &&
    [url.username, url.password, url.search, url.hash].every((part) => part === '')
  );
}

/** Of an identity provider; none with a shared secret, which whoever checks tokens could sign with. */
const signatures = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** Headers that clients send, or may, without any proxy: who asks could be chosen by whoever asks. */
const ofEveryClient =
  /^(host|authorization|cookie|origin|referer|user-agent|accept(-.*)?|content-.*|connection|upgrade|sec-.*|x-forwarded-.*|forwarded|via)$/i;

function listOf<T>(schema: z.ZodType<T, string>) {
  return z
    .string()
    .transform((text) => text.split(',').map((item) => item.trim()))
    .pipe(z.array(schema).min(1));
}

/** Whoever can change what is read there can sign as anybody. */
function isKeysAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url.hostname));
}

function parsedJson(text: string, context: z.core.$RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('This is no JSON');
    return z.NEVER;
  }
}

/** By name, in the order of the README. */
export const variables = {
  HOST: {
    default: '127.0.0.1',
    accepts: 'an address of this machine; without sign-in a loopback address (127.0.0.1, ::1 or localhost)',
    meaning: 'Address to listen on. Without sign-in (`AUTH_…`) only this machine may connect.',
    secret: false,
    schema: z
      .string()
      .trim()
      .regex(/^[\w.:-]{1,255}$/),
  },
  PORT: whole(4000, 0, 65_535, 'Port to listen on; 0 takes any free one and prints it.'),
  DATA_DIR: {
    default: './data',
    accepts: 'the path of a folder',
    meaning:
      'Folder of everything that is kept: events, read models, copies of budgets. One process at a time.',
    secret: false,
    schema: z.string().trim().min(1),
  },
  EVENTSTORE_URL: {
    default: undefined,
    accepts: 'an address such as esdb://admin:changeit@localhost:2113?tls=false',
    meaning:
      'Address of EventStoreDB, which several servers may share. Without it events are kept in a file in DATA_DIR.',
    secret: true,
    // The client is asked whether it is one when the store is opened: it alone knows all forms.
    schema: z.string().trim().min(1),
  },
  EVENTSTORE_NAMESPACE: {
    default: undefined,
    accepts: 'letters, digits, "_" and "-", at most 50',
    meaning:
      'Begins the names of all streams in EventStoreDB, with a dot behind it, so that several installations can share one.',
    secret: false,
    schema: z
      .string()
      .trim()
      .regex(/^[\w-]{1,50}$/),
  },
  ACTUAL_SERVER_URL: {
    default: undefined,
    accepts: 'an address such as https://actual.example.org, without user name, password, "?" or "#"',
    meaning: 'Address of your Actual server. Without it a demo server with a demo budget is started.',
    secret: true,
    schema: z
      .string()
      .trim()
      .refine(isServerAddress)
      .transform((url) => url.replace(/\/+$/, '')),
  },
  ACTUAL_PASSWORD: secretText('Password of your Actual server. Required with ACTUAL_SERVER_URL.'),
  ACTUAL_SYNC_ID: {
    default: undefined,
    accepts:
      'the Sync ID of a budget (Actual: Settings, Advanced settings), or several with commas between them, each once',
    meaning: 'Sync ID of the budget, or several separated by commas. Required with ACTUAL_SERVER_URL.',
    secret: true,
    schema: listOf(z.string().regex(/^[\w-]{1,100}$/)).refine((ids) => new Set(ids).size === ids.length),
  },
  ACTUAL_ENCRYPTION_PASSWORD: secretText('Password of budgets that are end-to-end encrypted.'),
  ACTUAL_TIMEOUT_MS: milliseconds(30_000, 1, 'How long one request to the Actual server may take.'),
  ACTUAL_IDLE_MS: milliseconds(300_000, 0, 'How long a budget stays open in memory when nothing uses it.'),
  ACTUAL_CANCEL_GRACE_MS: milliseconds(
    3_000,
    0,
    'How long canceled work with a budget may take to stop before its process is killed.',
  ),
  ACTUAL_MEMORY_MB: whole(
    2_048,
    64,
    1_048_576,
    'How much memory the process of a budget may take for its own objects; beyond that it is ended, and the server goes on.',
    ' of megabytes',
  ),
  SYNC_DEADLINE_MS: milliseconds(300_000, 1, 'How long one attempt of a sync step may take.'),
  SUGGESTIONS_DEADLINE_MS: milliseconds(600_000, 1, 'How long one attempt of a suggestions step may take.'),
  AUTH_JWT_SECRET: {
    default: undefined,
    accepts: 'a text of at least 32 bytes',
    meaning: 'Secret with which the tokens are signed that users sign in with (HS256).',
    secret: true,
    // RFC 7518, 3.2: not shorter than what comes out.
    schema: z.string().refine((text) => Buffer.byteLength(text) >= 32),
  },
  AUTH_JWKS_URL: {
    default: undefined,
    accepts:
      'an address such as https://id.example.org/.well-known/jwks.json; http only in the local network',
    meaning: 'Where an identity provider publishes the keys of the tokens that users sign in with.',
    // It may hold a password where it must not.
    secret: true,
    schema: z.string().trim().refine(isKeysAddress),
  },
  AUTH_JWT_ALGORITHMS: {
    default: 'RS256,ES256,EdDSA',
    accepts: `some of ${signatures.join(', ')}, with commas between them`,
    meaning: 'With AUTH_JWKS_URL: how tokens may be signed.',
    secret: false,
    schema: listOf(z.enum(signatures)),
  },
  AUTH_JWT_ISSUER: {
    default: undefined,
    accepts: 'text, not empty',
    meaning: 'Whose tokens are accepted (claim `iss`). Without it those of all who sign with the right key.',
    secret: false,
    schema: z.string().trim().min(1),
  },
  AUTH_JWT_AUDIENCE: {
    default: undefined,
    accepts: 'text, not empty',
    meaning:
      'For whom a token must be (claim `aud`). Without it those are accepted, too, that were made for others.',
    secret: false,
    schema: z.string().trim().min(1),
  },
  AUTH_TRUSTED_HEADER: {
    default: undefined,
    accepts:
      'the name of a header that the proxy alone sets, such as Remote-User; not one such as Host, which every client sends',
    meaning: 'Header in which a proxy, at which users sign in, says who asks.',
    secret: false,
    schema: z
      .string()
      .trim()
      .regex(/^[A-Za-z\d-]{1,100}$/)
      .refine((name) => !ofEveryClient.test(name)),
  },
  AUTH_TRUSTED_PROXIES: {
    default: undefined,
    accepts: 'addresses or networks, such as 127.0.0.1 or 10.0.0.0/8, with commas between them',
    meaning:
      'Proxies in front of the server: AUTH_TRUSTED_HEADER is believed from them alone, and so is `X-Forwarded-For`, by which addresses are told apart.',
    secret: false,
    schema: listOf(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])),
  },
  ACTUAL_ACCESS: {
    default: undefined,
    accepts: 'JSON such as {"alice": ["a Sync ID"], "bob": "*"}',
    meaning: 'Which users may use which budgets; who is not named, none. Without it everybody may use all.',
    secret: true,
    schema: z
      .string()
      .transform(parsedJson)
      .pipe(z.record(z.string().min(1).max(200), z.union([z.literal('*'), z.array(z.string())])))
      // An object has more names than those that were written into it.
      .transform((access) => new Map(Object.entries(access))),
  },
  METRICS_TOKEN: {
    default: undefined,
    accepts: 'at least 16 letters, digits and signs of ASCII, without spaces',
    meaning:
      'What Prometheus sends as bearer token to read /metrics. Without it everybody on this machine may, or, where users sign in, nobody.',
    secret: true,
    schema: z
      .string()
      .trim()
      .regex(/^[\w.~+/-]{16,}=*$/),
  },
  OPENAI_API_KEY: {
    default: undefined,
    accepts: 'a key: letters, digits and signs of ASCII, without spaces',
    meaning:
      'Key of the model that suggests what history does not answer surely. Without it, and without OPENAI_BASE_URL, history answers alone.',
    secret: true,
    // Nothing else can be sent in the header that it goes into.
    schema: z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]+$/),
  },
  OPENAI_BASE_URL: {
    default: undefined,
    accepts: 'an address such as http://localhost:11434/v1, without user name, password, "?" or "#"',
    meaning:
      "Address of a model's API that is like OpenAI's: Ollama, LM Studio, vLLM, OpenRouter. Without it OpenAI's own.",
    // It may hold a password where it must not.
    secret: true,
    schema: z
      .string()
      .trim()
      .refine(isServerAddress)
      .transform((url) => url.replace(/\/+$/, '')),
  },
  OPENAI_MODEL: {
    default: undefined,
    accepts: 'the name of a model',
    meaning: `Model that is asked; ${openAiDefaultModel} at OpenAI. Required with OPENAI_BASE_URL.`,
    secret: false,
    schema: z.string().trim().min(1).max(200),
  },
  OPENAI_TIMEOUT_MS: milliseconds(60_000, 1, 'How long one question to the model may take.'),
  OPENAI_MAX_TOKENS_PER_JOB: whole(300_000, 1, 2 ** 31, 'Tokens, read and written, that one job may cost.'),
  OPENAI_MAX_TOKENS_PER_DAY: whole(
    1_000_000,
    1,
    2 ** 31,
    'Tokens that all jobs together may cost on one day (UTC), on all servers.',
  ),
  OPENAI_INPUT_PRICE: price('What a million tokens cost that the model reads'),
  OPENAI_OUTPUT_PRICE: price('What a million tokens cost that it writes'),
  OPENAI_SEND_NOTES: yesOrNo(false, "Whether the model gets the transactions' notes."),
  OPENAI_SEND_ACCOUNT_NAMES: yesOrNo(false, 'Whether the model gets the names of accounts.'),
  RETENTION_DAYS: {
    default: '30',
    accepts: 'a number of days above 0, at most 36500, such as 30 or 0.5',
    meaning: 'Days after its end when a job is removed with all that belongs to it.',
    secret: false,
    schema: number(/^\d+(\.\d+)?$/, Number.MIN_VALUE, 36_500),
  },
  RUNNER_SLOTS: whole(4, 1, 64, 'Steps that run at the same time; one budget has never more than one.'),
  MAX_ACTIVE_JOBS: whole(100, 1, 100_000, 'Jobs of one owner that may be queued or running.'),
  MAX_BATCH_TRANSACTIONS: whole(1_000, 1, 1_500, 'Transactions in one batch to suggest categories for.'),
  MAX_STEP_ATTEMPTS: whole(5, 1, 100, 'Attempts of a step that fails in a way that may pass.'),
  MAX_INTERRUPTIONS: whole(
    3,
    0,
    100,
    'How often a running step goes on after its server was killed or crashed; an orderly end does not count.',
  ),
  RETRY_AFTER_MAX_MS: milliseconds(
    300_000,
    0,
    'Longest wait that another server may ask for; the step fails where it asks for more.',
  ),
  RETRY_BASE_MS: milliseconds(1_000, 1, 'Wait before the second attempt; doubles with each further one.'),
  RETRY_MAX_MS: milliseconds(60_000, 1, 'Longest wait between two attempts.'),
  COMMAND_TIMEOUT_MS: milliseconds(
    4_000,
    1,
    'How long a mutation may take until it answers that its outcome is unknown.',
  ),
  SWEEP_INTERVAL_MS: milliseconds(
    5_000,
    1,
    'How often all active jobs are looked at, so that none gets stuck.',
  ),
  HEARTBEAT_INTERVAL_MS: milliseconds(
    5_000,
    1,
    'How often a server that shares EventStoreDB with others says that it lives.',
  ),
  RUNNER_GONE_AFTER_MS: milliseconds(
    20_000,
    1,
    'How long a server that runs a step may be silent until its step is started again elsewhere.',
  ),
  TAKEOVER_GRACE_MS: milliseconds(
    1_000,
    0,
    'How long nothing may happen to a job until servers that did not start it look after it, too.',
  ),
  RETENTION_INTERVAL_MS: milliseconds(3_600_000, 1, 'How often jobs that are old enough are removed.'),
  SHUTDOWN_GRACE_MS: milliseconds(
    20_000,
    0,
    'How long running steps may go on to their end after SIGTERM. Ctrl-C does not wait for them.',
  ),
  STEP_STOP_GRACE_MS: milliseconds(5_000, 0, 'How long a step that was told to stop may take.'),
  ...limitVariables,
  DEMO_INTERVAL_MS: milliseconds(45_000, 1, 'How often the demo\'s "other device" adds transactions.'),
  LOG_LEVEL: {
    default: 'info',
    accepts: `one of ${logLevels.join(', ')}`,
    meaning: 'Least important log lines that are written.',
    secret: false,
    schema: z.string().trim().pipe(z.enum(logLevels)),
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    default: undefined,
    accepts: 'an address such as http://localhost:4318, without user name, password, "?" or "#"',
    meaning: 'Where traces are sent, over OTLP/HTTP in protobuf. Without it nothing is traced.',
    // It may hold a password where it must not.
    secret: true,
    schema: z
      .string()
      .trim()
      .refine(isServerAddress)
      .transform((url) => url.replace(/\/+$/, '')),
  },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    default: 'http/protobuf',
    accepts: '"http/protobuf", the only protocol that is spoken here',
    meaning: 'How traces are sent.',
    secret: false,
    schema: z.string().trim().pipe(z.literal('http/protobuf')),
  },
} satisfies Record<string, Omit<ConfigVariable, 'name'> & { readonly schema: z.ZodType<unknown, string> }>;

export type VariableName = keyof typeof variables;

export const variableNames = Object.keys(variables) as VariableName[];

/** What each became. */
export type ConfigValues = {
  readonly [Name in VariableName]: (typeof variables)[Name] extends { default: string }
    ? z.output<(typeof variables)[Name]['schema']>
    : z.output<(typeof variables)[Name]['schema']> | undefined;
};

/** The README's table. */
export const configVariables: readonly ConfigVariable[] = variableNames.map((name) => {
  const { accepts, meaning, secret, default: defaultValue } = variables[name];
  return { name, default: defaultValue, accepts, meaning, secret };
});
