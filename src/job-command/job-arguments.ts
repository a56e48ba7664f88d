import { parseArgs } from 'node:util';

/** What is to be started, and how it is told what becomes of it. */
export interface JobArguments {
  readonly url: string;
  readonly token: string | undefined;
  readonly input: StartInput;
  readonly waits: boolean;
  /** From the start of the command; absent: as long as it takes. */
  readonly timeoutMs: number | undefined;
  readonly json: boolean;
}

/** `StartJobInput` of the API. */
export interface StartInput {
  readonly type: 'SYNC' | 'SUGGESTIONS_GENERATION' | 'SYNC_AND_GENERATE';
  readonly budgetId?: string;
  readonly batch?: { readonly allUncategorized: true } | { readonly transactionIds: readonly string[] };
  readonly onConflict?: string;
  readonly idempotencyKey?: string;
}

export const usage = `Starts a job on a running server.

  npm run job -- sync|suggest|sync-and-suggest [options]

  --wait              wait until it has ended
  --timeout SECONDS   wait no longer; the job goes on
  --json              one JSON document on stdout, nothing else (with: npm run --silent job -- …)
  --budget SYNC_ID    where there is more than one
  --transactions IDS  suggest for these alone, with commas between them; otherwise for all without a category
  --on-conflict WHAT  where the same job is active already: return-existing, queue or reject
  --key TEXT          the same key always gives the same job, however often it is sent
  --url URL           of the server; otherwise ACTUAL_JOBS_URL, or http://localhost:4000
  --help              say this

Where users sign in, ACTUAL_JOBS_TOKEN or the file that ACTUAL_JOBS_TOKEN_FILE names holds your token.

Ends with 0 where it has succeeded (without --wait: was started), 1 failed, 2 bad usage, 3 canceled, 4 refused by the
server, 5 server not reached, 6 out of time.`;

const types = {
  sync: 'SYNC',
  suggest: 'SUGGESTIONS_GENERATION',
  'sync-and-suggest': 'SYNC_AND_GENERATE',
} as const;
const policies = ['return-existing', 'queue', 'reject'];

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

/** A problem is a sentence for whoever called it. */
export function parseJobArguments(
  args: readonly string[],
  { env, readFile }: Surroundings,
): JobArguments | 'HELP' | { readonly problem: string } {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        wait: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        timeout: { type: 'string' },
        budget: { type: 'string' },
        transactions: { type: 'string' },
        'on-conflict': { type: 'string' },
        key: { type: 'string' },
        url: { type: 'string' },
      },
    });
  } catch (error) {
    return { problem: error instanceof Error ? firstSentence(error.message) : 'The options cannot be read.' };
  }
  const { values, positionals } = parsed;
  if (values.help) return 'HELP';
  const [name = '', ...others] = positionals;
  if (!isType(name) || others.length > 0) {
    return { problem: `Say what to start: ${Object.keys(types).join(', ')}.` };
  }
  const url = values.url ?? env.ACTUAL_JOBS_URL ?? 'http://localhost:4000';
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^https?:$/.test(address.protocol)) {
    return {
      problem: `--url must be an address such as http://localhost:4000; ${JSON.stringify(url)} is not.`,
    };
  }
  if (address.username !== '' || address.password !== '') {
    return { problem: '--url must hold no user name and no password; ACTUAL_JOBS_TOKEN is for your token.' };
  }
  if (values.timeout !== undefined && !/^\d{1,7}(\.\d+)?$/.test(values.timeout)) {
    return { problem: `--timeout must be a number of seconds; ${JSON.stringify(values.timeout)} is not.` };
  }
  const policy = values['on-conflict'];
  if (policy !== undefined && !policies.includes(policy)) {
    return {
      problem: `--on-conflict must be one of ${policies.join(', ')}; ${JSON.stringify(policy)} is not.`,
    };
  }
  if (name === 'sync' && values.transactions !== undefined) {
    return {
      problem: '--transactions is for suggestions: leave it out, or say suggest or sync-and-suggest.',
    };
  }
  if (values.transactions !== undefined && idsIn(values.transactions).includes('')) {
    return {
      problem:
        '--transactions must be ids with commas between them; leave it out for all transactions without a category.',
    };
  }
  const token = tokenOf({ env, readFile });
  if (token !== undefined && typeof token !== 'string') return token;
  // Nothing else can be sent in a header.
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    return {
      problem:
        'ACTUAL_JOBS_TOKEN holds no token: there are spaces or other characters in it that no token has.',
    };
  }
  return {
    url,
    token,
    input: {
      type: types[name],
      ...(values.budget !== undefined && { budgetId: values.budget }),
      ...(name !== 'sync' && { batch: batchOf(values.transactions) }),
      ...(policy !== undefined && { onConflict: policy.toUpperCase().replace('-', '_') }),
      ...(values.key !== undefined && { idempotencyKey: values.key }),
    },
    waits: values.wait,
    timeoutMs: values.timeout === undefined ? undefined : Number(values.timeout) * 1_000,
    json: values.json,
  };
}

function isType(name: string): name is keyof typeof types {
  return Object.hasOwn(types, name);
}

function batchOf(transactions: string | undefined): NonNullable<StartInput['batch']> {
  if (transactions === undefined) return { allUncategorized: true };
  return { transactionIds: idsIn(transactions) };
}

function idsIn(list: string): readonly string[] {
  return list.split(',').map((id) => id.trim());
}

function tokenOf({ env, readFile }: Surroundings): string | undefined | { readonly problem: string } {
  const file = env.ACTUAL_JOBS_TOKEN_FILE;
  // A variable that is set to nothing is how scripts leave one out.
  if (file === undefined) return env.ACTUAL_JOBS_TOKEN === '' ? undefined : env.ACTUAL_JOBS_TOKEN;
  try {
    return readFile(file).trim();
  } catch {
    return { problem: `The file that ACTUAL_JOBS_TOKEN_FILE names (${file}) cannot be read.` };
  }
}

/** What Node says of an option goes on with advice on how to pass words that look like one. */
function firstSentence(message: string): string {
  return `${message.split('. ')[0] ?? ''}.`.replace(/\.\.$/, '.');
}
