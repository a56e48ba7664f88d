import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ChildSettings } from '../child-messages.js';
import { SituationError, situation } from '../situation.js';
import { lockFolder } from './folder-lock.js';
import { loadLibrary, type Library } from './library.js';

/** The copy of one budget on this machine, held open. */
export class LocalCopy {
  /** Id of the last row of `messages_crdt` whose change is in a result that was reported. */
  reportedUpTo = 0;
  /** Where transactions that were moved since the last report had been, by their id. */
  readonly movedFrom = new Map<string, string>();
  #keyIsLoaded = false;

  private constructor(
    readonly library: Library,
    private readonly settings: ChildSettings,
  ) {}

  /** Takes the folder and loads the library; nothing is opened yet. Only once in the life of a process. */
  static async prepare(settings: ChildSettings): Promise<LocalCopy> {
    lockFolder(settings.folder);
    const dataDir = path.join(settings.folder, 'copy');
    if (settings.startAfresh) rmSync(dataDir, { recursive: true, force: true });
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const copy = new LocalCopy(await loadLibrary(dataDir, settings.serverUrl), settings);
    copy.#followChanges();
    return copy;
  }

  /** Opens the budget, from the local copy where there is one, else from the server. */
  async open(token: string | null): Promise<void> {
    if (token !== null) await this.library.lib.send('subscribe-set-token', { token });
    if (await this.#isOpen()) return;
    const id = await this.#localId();
    if (id === undefined) await this.#download(token);
    else await this.#load(id, 'copy-unusable');
    if (!(await this.#isOpen())) throw new SituationError(situation({ code: 'no-budget-open' }));
  }

  async name(): Promise<string | null> {
    return (await this.preferences()).budgetName ?? null;
  }

  async preferences() {
    // The library answers null while no budget is open; its type does not say so.
    const preferences = (await this.library.lib.send('load-prefs')) as { id?: string } | null;
    if (!preferences?.id) throw new SituationError(situation({ code: 'no-budget-open' }));
    return preferences as Awaited<ReturnType<typeof this.library.lib.send<'load-prefs'>>>;
  }

  rows<Row>(sql: string, ...params: (string | number)[]): Row[] {
    return this.library.lib.db.runQuery<Row>(sql, params, true);
  }

  lastMessage(): number {
    return this.rows<{ last: number | null }>('SELECT max(id) AS last FROM messages_crdt')[0]?.last ?? 0;
  }

  /**
   * What the server holds of an encrypted budget is encrypted, the copy is not: reading needs no key, but a
   * sync without it succeeds as long as there is nothing to send or to receive, and fails later.
   */
  async loadKey(): Promise<void> {
    if (this.#keyIsLoaded || !(await this.preferences()).encryptKeyId) return;
    const { encryptionPassword: password } = this.settings;
    if (password === null) throw new SituationError(situation({ code: 'missing-key' }));
    const { error } = await this.library.lib.send('key-test', { password });
    if (error) throw new SituationError(situation({ code: error.reason, detail: 'key-test failed' }));
    this.#keyIsLoaded = true;
  }

  async #isOpen(): Promise<boolean> {
    const preferences = (await this.library.lib.send('load-prefs')) as { id?: string } | null;
    return Boolean(preferences?.id);
  }

  /** Undefined where there is no copy, or its `metadata.json` is lost: a download mends that. */
  async #localId(): Promise<string | undefined> {
    const budgets = await this.library.lib.send('get-budgets');
    return budgets.find(({ groupId }) => groupId === this.settings.syncId)?.id;
  }

  async #load(id: string, otherwise: 'copy-unusable' | 'download-unusable'): Promise<void> {
    const { error } = await this.library.lib.send('load-budget', { id });
    if (!error) return;
    const isTooNew = error === 'out-of-sync-migrations' || error === 'out-of-sync-data';
    throw new SituationError(
      situation({ code: isTooNew ? error : otherwise, detail: `load-budget: ${error}` }),
    );
  }

  async #download(token: string | null): Promise<void> {
    if (token === null) throw new SituationError(situation({ code: 'session-needed' }));
    const { encryptionPassword: password } = this.settings;
    await this.library.api.downloadBudget(this.settings.syncId, password === null ? {} : { password });
    this.#keyIsLoaded = true;
    // The download can succeed without opening what it brought; only loading says why.
    const id = (await this.#isOpen()) ? undefined : await this.#localId();
    if (id !== undefined) await this.#load(id, 'download-unusable');
  }

  #followChanges(): void {
    const { lib } = this.library;
    // Comes before the sync that is part of a download, so that what that brings is reported too.
    lib.on('load-budget', () => {
      this.reportedUpTo = this.lastMessage();
    });
    lib.on('sync', (event: SyncEvent) => {
      if (event.type !== 'applied') return;
      for (const [id, now] of event.data.get('transactions') ?? []) {
        const before = event.prevData.get('transactions')?.get(id)?.acct;
        if (before && before !== now.acct) this.movedFrom.set(id, before);
      }
    });
  }
}

type Tables = ReadonlyMap<string, ReadonlyMap<string, { readonly acct?: string | null }>>;
type SyncEvent =
  | { readonly type: 'start' | 'success' | 'error' | 'unauthorized' }
  | { readonly type: 'applied'; readonly data: Tables; readonly prevData: Tables };
