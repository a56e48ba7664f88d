// Entry of the process behind `actual-device.ts`: the library is one global per process. It carries out one call
// at a time and ends with its parent.
import * as api from '@actual-app/api';

let lib;

const calls = {
  async connect({ dataDir, serverUrl, password }) {
    lib = await api.init({ dataDir, serverURL: serverUrl, password, verbose: false });
  },

  async logIn({ password }) {
    const { error } = await lib.send('subscribe-sign-in', { password });
    if (error) throw new Error(`The device could not log in: ${error}`);
  },

  async createBudget({ name, categoryGroups, accounts }) {
    await api.runImport(name, async () => {
      const categories = {};
      for (const group of categoryGroups) {
        const groupId = await api.createCategoryGroup({ name: group.name });
        for (const category of group.categories) {
          categories[category] = await api.createCategory({ name: category, group_id: groupId });
        }
      }
      for (const { transactions = [], ...account } of accounts) {
        const id = await api.createAccount(account);
        await api.addTransactions(
          id,
          transactions.map((one) => withCategory(one, categories)),
          {},
        );
      }
    });
    return syncId();
  },

  async open({ syncId, encryptionPassword }) {
    await api.downloadBudget(
      syncId,
      encryptionPassword === undefined ? {} : { password: encryptionPassword },
    );
    await assertOpen();
  },

  async addTransactions({ account, transactions }) {
    const categories = await categoryIds();
    const id = await api.getIDByName('accounts', account);
    await api.addTransactions(
      id,
      transactions.map((one) => withCategory(one, categories)),
      {
        runTransfers: true,
      },
    );
  },

  async updateTransactions({ updated }) {
    const categories = await categoryIds();
    const accounts = await api.getAccounts();
    const idOfAccount = (name) => accounts.find((account) => account.name === name)?.id;
    const rows = updated.map(({ account, ...one }) => ({
      ...withCategory(one, categories),
      ...(account === undefined ? {} : { account: idOfAccount(account) }),
    }));
    await lib.send('transactions-batch-update', { updated: rows, runTransfers: false });
  },

  async deleteTransactions({ ids }) {
    await lib.send('transactions-batch-update', { deleted: ids.map((id) => ({ id })), runTransfers: false });
  },

  async addSchedule({ name, account, payee, amount, date }) {
    const accountId = await api.getIDByName('accounts', account);
    const payeeId = await api.createPayee({ name: payee });
    await api.createSchedule({
      name,
      account: accountId,
      payee: payeeId,
      amount,
      amountOp: 'is',
      date,
      posts_transaction: true,
    });
  },

  async transferPayee({ account }) {
    const accountId = await api.getIDByName('accounts', account);
    return (await api.getPayees()).find((payee) => payee.transfer_acct === accountId).id;
  },

  async closeAccount({ account }) {
    await api.updateAccount(await api.getIDByName('accounts', account), { closed: true });
  },

  async deleteCategory({ name }) {
    await api.deleteCategory((await categoryIds())[name]);
  },

  async hideCategory({ name }) {
    await api.updateCategory((await categoryIds())[name], { hidden: true });
  },

  async rename({ name }) {
    await lib.send('save-prefs', { budgetName: name });
  },

  categoryIds,

  async transactions() {
    return lib.db.runQuery(
      `SELECT t.id, t.date, CAST(t.amount AS INTEGER) AS amount, a.name AS account, c.name AS category,
         p.name AS payee, t.notes
       FROM v_transactions_internal_alive t JOIN accounts a ON a.id = t.account
       LEFT JOIN payees p ON p.id = t.payee LEFT JOIN categories c ON c.id = t.category AND c.tombstone = 0
       ORDER BY t.id`,
      [],
      true,
    );
  },

  /** Makes every device understand less than the budget holds from now on. */
  async useNewerSchema() {
    lib.db.runQuery('INSERT INTO __migrations__ (id) VALUES (9999999999999)');
  },

  /** A change of a column that no other version knows. */
  async sendUnknownColumn({ id }) {
    lib.db.execQuery('ALTER TABLE transactions ADD COLUMN mood TEXT');
    await lib.db.update('transactions', { id, mood: 'good' });
  },

  /** From now on, as if somebody had set the clock wrong. */
  async setClockAhead({ ms }) {
    const now = Date.now;
    Date.now = () => now() + ms;
  },

  /** Nobody can open what is uploaded from now on. */
  async breakDatabase() {
    lib.db.execQuery('DROP TABLE preferences');
  },

  async sync() {
    const { error } = await lib.send('sync');
    if (error) throw new Error(`The device could not sync: ${error.reason ?? error.message}`);
  },

  async resetSync() {
    succeeded(await lib.send('sync-reset'));
    return syncId();
  },

  async encrypt({ password }) {
    succeeded(await lib.send('key-make', { password }));
    return syncId();
  },

  async upload() {
    succeeded(await lib.send('upload-budget'));
  },

  async deleteBudgetOnServer() {
    const { cloudFileId } = await lib.send('load-prefs');
    await lib.send('delete-budget', { cloudFileId });
  },
};

async function syncId() {
  return (await assertOpen()).groupId;
}

/** The library can succeed without a budget being open, or with one that nobody else will see. */
async function assertOpen() {
  const preferences = await lib.send('load-prefs');
  if (!preferences?.groupId) throw new Error('The budget is not open, or not on the server');
  return preferences;
}

async function categoryIds() {
  return Object.fromEntries((await api.getCategories()).map(({ name, id }) => [name, id]));
}

function withCategory({ category, ...transaction }, ids) {
  if (category === undefined) return transaction;
  const id = category === null ? null : ids[category];
  if (id === undefined) throw new Error(`There is no category ${category}`);
  return { ...transaction, category: id };
}

function succeeded({ error }) {
  if (error) throw new Error(`The device failed: ${error.reason}`);
}

process.on('disconnect', () => process.exit());
process.on('message', ({ call, name, args }) => {
  calls[name](args ?? {}).then(
    (result) => process.send({ call, result }),
    (error) => process.send({ call, error: error instanceof Error ? error.stack : JSON.stringify(error) }),
  );
});
