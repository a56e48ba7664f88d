import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { ChildSettings } from '../child-messages.js';
import { SituationError, situation, ownSituation } from '../situation.js';
import { lockFolder } from './folder-lock.js';
import { loadLibrary, type Library } from './library.js';
import { ReportedChanges } from './reported-changes.js';

const preferencesSchema = z.object({
  id: z.string(),
  budgetName: z.string().nullish(),
  encryptKeyId: z.string().nullish(),
  lastSyncedTimestamp: z.string().nullish(),
});
type Preferences = z.infer<typeof preferencesSchema>;

/** The copy of one budget on this machine, held open. */
export class LocalCopy {
  readonly reported: ReportedChanges;
  #keyIsLoaded = false;
  #isDownloading = false;

  private constructor(
    readonly library: Library,
    private readonly settings: ChildSettings,
    dataDir: string,
  ) {
    this.reported = new ReportedChanges(path.join(dataDir, 'reported.json'));
  }

  /** Takes the folder and loads the library; nothing is opened yet. Only once in the life of a process. */
  static async prepare(settings: ChildSettings): Promise<LocalCopy> {
    lockFolder(settings.folder);
    const dataDir = path.join(settings.folder, 'copy');
    if (settings.startAfresh) rmSync(dataDir, { recursive: true, force: true });
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const copy = new LocalCopy(await loadLibrary(dataDir, settings.serverUrl), settings, dataDir);
    copy.#followChanges();
    return copy;
  }

  /** Opens the budget, from the local copy where there is one, else from the server. */
  async open(token: string | null): Promise<void> {
    if (token !== null) await this.library.lib.send('subscribe-set-token', { token });
    if (await this.#openBudget()) return;
    const id = await this.#localId();
    if (id === undefined) {
      await this.#download(token);
    } else {
      await this.#load(id, 'copy-unusable');
      this.reported.resume(this.lastMessage());
    }
    await this.preferences();
  }

  async name(): Promise<string | null> {
    return (await this.preferences()).budgetName ?? null;
  }

  /** @throws SituationError 'no-budget-open' */
  async preferences(): Promise<Preferences> {
    const preferences = await this.#openBudget();
    if (!preferences) throw new SituationError(ownSituation('no-budget-open'));
    return preferences;
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

  /** Undefined while no budget is open. */
  async #openBudget(): Promise<Preferences | undefined> {
    return preferencesSchema.safeParse(await this.library.lib.send('load-prefs')).data;
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
    if (token === null) throw new SituationError(ownSituation('session-needed'));
    const { encryptionPassword: password } = this.settings;
    this.#isDownloading = true;
    try {
      await this.library.api.downloadBudget(this.settings.syncId, password === null ? {} : { password });
    } finally {
      this.#isDownloading = false;
    }
    this.#keyIsLoaded = true;
    // The download can succeed without opening what it brought; only loading says why.
    const id = (await this.#openBudget()) ? undefined : await this.#localId();
    if (id !== undefined) await this.#load(id, 'download-unusable');
  }

  #followChanges(): void {
    const { lib } = this.library;
    // Its type says that there always is one.
    const isOpen = () => (lib.db.getDatabase() as object | null) !== null;
    lib.on('sync', (event: SyncEvent) => {
      // A download ends with a sync, and what that brings on top of the downloaded copy is to be reported.
      if (event.type === 'start' && this.#isDownloading && isOpen()) {
        this.#isDownloading = false;
        this.reported.report(this.lastMessage());
      }
      if (event.type === 'applied') this.#followMoves(event);
    });
  }

  #followMoves({ data, prevData }: AppliedEvent): void {
    for (const [id, now] of data.get('transactions') ?? []) {
      const before = prevData.get('transactions')?.get(id)?.acct;
      if (before && before !== now.acct) this.reported.movedFrom.set(id, before);
    }
  }
}

type Tables = ReadonlyMap<string, ReadonlyMap<string, { readonly acct?: string | null }>>;
type AppliedEvent = { readonly type: 'applied'; readonly data: Tables; readonly prevData: Tables };
type SyncEvent = { readonly type: 'start' | 'success' | 'error' | 'unauthorized' } | AppliedEvent;
