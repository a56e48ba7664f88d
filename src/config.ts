import { accessConfigOf, authConfigOf, type AccessConfig, type AuthConfig } from './auth-config.js';
import { variableNames, variables } from './config-variables.js';
import type { ConfigValues } from './config-variables.js';
import { limitsOf, type LimitsConfig } from './limits-config.js';
import { modelConfigOf, type ModelConfig } from './model-config.js';
import { mistypedNames, readEnvironment } from './environment.js';
import type { Environment, ReadFile } from './environment.js';

/** All that can be configured; times end in their unit. The README's table says what each means. */
export interface Config {
  /** Loopback, always, where nobody signs in. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** As given: relative to the working directory. */
  readonly dataDir: string;
  readonly logLevel: ConfigValues['LOG_LEVEL'];
  /** Absent: events are kept in a file in `dataDir`. */
  readonly eventStoreUrl: string | undefined;
  /** Absent: the names of streams stand alone. */
  readonly eventStoreNamespace: string | undefined;
  /** Absent: the demo. */
  readonly actualServer: ActualServerConfig | undefined;
  readonly actual: {
    /** Of one request. */
    readonly timeoutMs: number;
    readonly idleMs: number;
    readonly cancelGraceMs: number;
    /** Of each budget's process. */
    readonly memoryMb: number;
  };
  /** Absent: there is one user, whoever reaches the server on this machine. */
  readonly auth: AuthConfig | undefined;
  /** Addresses, or networks such as 10.0.0.0/8. */
  readonly trustedProxies: readonly string[];
  readonly limits: LimitsConfig;
  /** Whether the GraphQL schema may be asked for. */
  readonly introspection: boolean;
  readonly playground: boolean;
  /** Absent: everybody may use all budgets. */
  readonly access: AccessConfig | undefined;
  /** Absent: /metrics needs none on this machine, and is closed where users sign in. */
  readonly metricsToken: string | undefined;
  /** Absent: history alone suggests. */
  readonly model: ModelConfig | undefined;
  readonly steps: {
    readonly syncDeadlineMs: number;
    readonly suggestionsDeadlineMs: number;
    readonly slots: number;
    readonly maxAttempts: number;
    readonly maxInterruptions: number;
    readonly retryAfterMaxMs: number;
    readonly retryBaseMs: number;
    readonly retryMaxMs: number;
  };
  readonly jobs: {
    /** Of one owner. */
    readonly maxActive: number;
    readonly maxBatchTransactions: number;
    readonly commandTimeoutMs: number;
    readonly sweepIntervalMs: number;
    readonly takeoverGraceMs: number;
  };
  readonly liveness: {
    readonly heartbeatIntervalMs: number;
    readonly goneAfterMs: number;
  };
  readonly retention: {
    /** May be a fraction. */
    readonly days: number;
    readonly intervalMs: number;
  };
  /** Where traces go, without a slash at its end; absent: nothing is traced. */
  readonly tracesEndpoint: string | undefined;
  readonly shutdownGraceMs: number;
  readonly stepStopGraceMs: number;
  readonly demoIntervalMs: number;
}

export interface ActualServerConfig {
  /** Without a slash at its end. */
  readonly url: string;
  readonly password: string;
  /** At least one, each once, in the order of the configuration. */
  readonly syncIds: readonly string[];
  readonly encryptionPassword: string | undefined;
}

/** Each problem and warning is a sentence for the person who starts the server; none holds a secret. */
export type LoadedConfig =
  { readonly ok: Config; readonly warnings: readonly string[] } | { readonly problems: readonly string[] };

/** Of the environment and of the `.env` file in the working directory. All problems at once. */
export function loadConfig(env: Environment, { readFile }: { readonly readFile: ReadFile }): LoadedConfig {
  const read = readEnvironment(env, variableNames, readFile);
  const problems = [...read.problems];

  const values = parseValues(read.values, problems);
  const actualServer = actualServerOf(values, read.given, problems);
  const model = modelConfigOf(values, read.given, problems);
  const auth = authConfigOf(values, read.given, problems);
  const access = accessConfigOf(values, read.given, auth, problems);
  if (values.RETRY_MAX_MS < values.RETRY_BASE_MS) {
    problems.push('RETRY_MAX_MS must not be less than RETRY_BASE_MS: raise the one or lower the other.');
  }
  if (values.RUNNER_GONE_AFTER_MS < 2 * values.HEARTBEAT_INTERVAL_MS) {
    problems.push(
      'RUNNER_GONE_AFTER_MS must be at least twice HEARTBEAT_INTERVAL_MS: raise the one or lower the other.',
    );
  }
  if (values.EVENTSTORE_NAMESPACE !== undefined && values.EVENTSTORE_URL === undefined) {
    problems.push(
      'EVENTSTORE_NAMESPACE is set but EVENTSTORE_URL is not: set it too, or unset the namespace.',
    );
  }
  if (problems.length > 0) return { problems };

  return {
    ok: configOf(values, { actualServer, model, auth, access }),
    warnings: mistypedNames(env, variableNames),
  };
}

/** What is malformed gets its default, so that the checks that follow report only what is new. */
function parseValues(texts: ReadonlyMap<string, string>, problems: string[]): ConfigValues {
  const entries = variableNames.map((name) => {
    const variable = variables[name];
    const text = texts.get(name);
    const parsed = text === undefined ? undefined : variable.schema.safeParse(text);
    if (parsed?.success) return [name, parsed.data];
    if (text !== undefined) {
      const shown = variable.secret ? 'what it is set to is not' : `${JSON.stringify(text)} is not`;
      problems.push(`${name} must be ${variable.accepts}; ${shown}.`);
    }
    return [name, variable.default === undefined ? undefined : variable.schema.parse(variable.default)];
  });
  return Object.fromEntries(entries) as ConfigValues;
}

function actualServerOf(
  values: ConfigValues,
  given: ReadonlySet<string>,
  problems: string[],
): ActualServerConfig | undefined {
  if (!given.has('ACTUAL_SERVER_URL')) {
    // The demo in place of their own budget is not what somebody who sets one of these asked for.
    for (const name of ['ACTUAL_PASSWORD', 'ACTUAL_SYNC_ID', 'ACTUAL_ENCRYPTION_PASSWORD']) {
      if (given.has(name)) {
        problems.push(
          `${name} is set but ACTUAL_SERVER_URL is not: set it too, or unset ${name} for the demo.`,
        );
      }
    }
    return undefined;
  }
  for (const name of ['ACTUAL_PASSWORD', 'ACTUAL_SYNC_ID'] as const) {
    if (!given.has(name)) {
      problems.push(`${name} is required with ACTUAL_SERVER_URL: set it to ${variables[name].accepts}.`);
    }
  }
  const { ACTUAL_SERVER_URL: url, ACTUAL_PASSWORD: password, ACTUAL_SYNC_ID: syncIds } = values;
  if (url === undefined || password === undefined || syncIds === undefined) return undefined;
  return { url, password, syncIds, encryptionPassword: values.ACTUAL_ENCRYPTION_PASSWORD };
}

function configOf(
  values: ConfigValues,
  parts: Pick<Config, 'actualServer' | 'model' | 'auth' | 'access'>,
): Config {
  return {
    host: values.HOST,
    port: values.PORT,
    dataDir: values.DATA_DIR,
    logLevel: values.LOG_LEVEL,
    eventStoreUrl: values.EVENTSTORE_URL,
    eventStoreNamespace: values.EVENTSTORE_NAMESPACE,
    ...parts,
    metricsToken: values.METRICS_TOKEN,
    trustedProxies: values.AUTH_TRUSTED_PROXIES ?? [],
    limits: limitsOf(values),
    introspection: values.INTROSPECTION,
    playground: values.PLAYGROUND,
    actual: {
      timeoutMs: values.ACTUAL_TIMEOUT_MS,
      idleMs: values.ACTUAL_IDLE_MS,
      cancelGraceMs: values.ACTUAL_CANCEL_GRACE_MS,
      memoryMb: values.ACTUAL_MEMORY_MB,
    },
    steps: {
      syncDeadlineMs: values.SYNC_DEADLINE_MS,
      suggestionsDeadlineMs: values.SUGGESTIONS_DEADLINE_MS,
      slots: values.RUNNER_SLOTS,
      maxAttempts: values.MAX_STEP_ATTEMPTS,
      maxInterruptions: values.MAX_INTERRUPTIONS,
      retryAfterMaxMs: values.RETRY_AFTER_MAX_MS,
      retryBaseMs: values.RETRY_BASE_MS,
      retryMaxMs: values.RETRY_MAX_MS,
    },
    jobs: {
      maxActive: values.MAX_ACTIVE_JOBS,
      maxBatchTransactions: values.MAX_BATCH_TRANSACTIONS,
      commandTimeoutMs: values.COMMAND_TIMEOUT_MS,
      sweepIntervalMs: values.SWEEP_INTERVAL_MS,
      takeoverGraceMs: values.TAKEOVER_GRACE_MS,
    },
    liveness: {
      heartbeatIntervalMs: values.HEARTBEAT_INTERVAL_MS,
      goneAfterMs: values.RUNNER_GONE_AFTER_MS,
    },
    retention: { days: values.RETENTION_DAYS, intervalMs: values.RETENTION_INTERVAL_MS },
    tracesEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    shutdownGraceMs: values.SHUTDOWN_GRACE_MS,
    stepStopGraceMs: values.STEP_STOP_GRACE_MS,
    demoIntervalMs: values.DEMO_INTERVAL_MS,
  };
}
