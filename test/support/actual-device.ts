import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Amounts are in cents, negative is spending; dates are 'YYYY-MM-DD'; categories and accounts go by their names. */
export interface DeviceTransaction {
  /** Drawn where it is left out. */
  readonly id?: string;
  readonly date: string;
  readonly amount: number;
  readonly payee_name?: string;
  /** An id, for transfers: see `transferPayee`. */
  readonly payee?: string;
  readonly imported_payee?: string;
  readonly notes?: string;
  readonly category?: string | null;
  readonly starting_balance_flag?: boolean;
  readonly subtransactions?: readonly { readonly amount: number }[];
}

interface DeviceAccount {
  readonly name: string;
  readonly offbudget?: boolean;
  readonly transactions?: readonly DeviceTransaction[];
}

export interface DeviceBudget {
  readonly name: string;
  readonly categoryGroups: readonly { readonly name: string; readonly categories: readonly string[] }[];
  readonly accounts: readonly DeviceAccount[];
}

/** All that is alive, parts of splits included, by id. */
export interface DeviceRow {
  readonly id: string;
  /** YYYYMMDD */
  readonly date: number;
  readonly amount: number;
  readonly account: string;
  readonly category: string | null;
  readonly payee: string | null;
  readonly notes: string | null;
}

export interface DeviceOptions {
  readonly serverUrl: string;
  readonly password: string;
  /** An empty folder, of this device alone. */
  readonly dataDir: string;
}

const entry = fileURLToPath(new URL('./actual-device-process.mjs', import.meta.url));
const replySchema = z.object({
  call: z.number(),
  result: z.unknown().optional(),
  error: z.string().optional(),
});

/** Chooses the password of a server that has none yet. */
export async function setServerPassword(serverUrl: string, password: string): Promise<void> {
  const response = await fetch(`${serverUrl}/account/bootstrap`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ password }),
  });
  if (!response.ok) throw new Error(`The server took no password: ${await response.text()}`);
}

/** Starts another device: Actual's own library in a process of its own, logged in to the server. */
export async function startDevice(options: DeviceOptions): Promise<ActualDevice> {
  const device = new ActualDevice();
  try {
    await device.connect(options);
  } catch (error) {
    await device.close();
    throw error;
  }
  return device;
}

/** What it changes reaches the server with `sync`. */
export class ActualDevice {
  readonly #process = fork(entry, {
    // In tests the library leaves out some of what it does.
    env: { ...process.env, NODE_ENV: 'production' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  readonly #ended = once(this.#process, 'exit');
  #calls = 0;

  async connect(options: DeviceOptions): Promise<void> {
    await this.#call('connect', options);
  }

  /** Once more, where the server has ended all sessions. */
  async logIn(password: string): Promise<void> {
    await this.#call('logIn', { password });
  }

  /** Creates it and uploads it; resolves with its Sync ID. It is open afterwards. */
  async createBudget(budget: DeviceBudget): Promise<string> {
    return z.string().parse(await this.#call('createBudget', budget));
  }

  async open(syncId: string, encryptionPassword?: string): Promise<void> {
    await this.#call('open', { syncId, encryptionPassword });
  }

  async addTransactions(account: string, transactions: readonly DeviceTransaction[]): Promise<void> {
    await this.#call('addTransactions', { account, transactions });
  }

  async updateTransactions(
    updated: readonly (Partial<DeviceTransaction> & { readonly id: string; readonly account?: string })[],
  ): Promise<void> {
    await this.#call('updateTransactions', { updated });
  }

  async deleteTransactions(ids: readonly string[]): Promise<void> {
    await this.#call('deleteTransactions', { ids });
  }

  /** One that posts a transaction by itself on `date`. */
  async addSchedule(schedule: {
    readonly name: string;
    readonly account: string;
    readonly payee: string;
    readonly amount: number;
    readonly date: string;
  }): Promise<void> {
    await this.#call('addSchedule', schedule);
  }

  /** The payee that makes a transaction a transfer to the account. */
  async transferPayee(account: string): Promise<string> {
    return z.string().parse(await this.#call('transferPayee', { account }));
  }

  async closeAccount(account: string): Promise<void> {
    await this.#call('closeAccount', { account });
  }

  async deleteCategory(name: string): Promise<void> {
    await this.#call('deleteCategory', { name });
  }

  async hideCategory(name: string): Promise<void> {
    await this.#call('hideCategory', { name });
  }

  async rename(name: string): Promise<void> {
    await this.#call('rename', { name });
  }

  async categoryIds(): Promise<Readonly<Record<string, string>>> {
    return (await this.#call('categoryIds')) as Readonly<Record<string, string>>;
  }

  async transactions(): Promise<readonly DeviceRow[]> {
    return (await this.#call('transactions')) as readonly DeviceRow[];
  }

  async sync(): Promise<void> {
    await this.#call('sync');
  }

  /** Resolves with the new Sync ID. */
  async resetSync(): Promise<string> {
    return z.string().parse(await this.#call('resetSync'));
  }

  /** Encrypts the budget end to end; resolves with its new Sync ID. */
  async encrypt(password: string): Promise<string> {
    return z.string().parse(await this.#call('encrypt', { password }));
  }

  /** So that who downloads the budget gets it as it is now. */
  async upload(): Promise<void> {
    await this.#call('upload');
  }

  /** As a version of Actual that is newer than this app would leave the budget behind. */
  async useNewerSchema(): Promise<void> {
    await this.#call('useNewerSchema');
  }

  async sendUnknownColumn(id: string): Promise<void> {
    await this.#call('sendUnknownColumn', { id });
  }

  /** Nobody can open what it uploads from now on. */
  async breakDatabase(): Promise<void> {
    await this.#call('breakDatabase');
  }

  /** For good, so better that of a device which nobody else needs. */
  async setClockAhead(ms: number): Promise<void> {
    await this.#call('setClockAhead', { ms });
  }

  async deleteBudgetOnServer(): Promise<void> {
    await this.#call('deleteBudgetOnServer');
  }

  async close(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  async #call(name: string, args: object = {}): Promise<unknown> {
    const call = ++this.#calls;
    const reply = once(this.#process, 'message');
    this.#process.send({ call, name, args });
    const ended = this.#ended.then(() => {
      throw new Error(`The device ended during ${name}`);
    });
    const [message] = (await Promise.race([reply, ended])) as [unknown];
    const { result, error } = replySchema.parse(message);
    if (error !== undefined) throw new Error(`The device failed at ${name}: ${error}`);
    return result;
  }
}
