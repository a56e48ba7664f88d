import { bankText } from './bank-text.js';
import { accounts, newcomers, regulars, shops } from './household-plan.js';
import type { AccountName, CategoryName, Merchant } from './household-plan.js';
import { Random } from './random.js';

/** Amounts are in cents, negative is spending; dates are 'YYYY-MM-DD'. */
export interface Purchase {
  readonly account: AccountName;
  readonly date: string;
  readonly amount: number;
  readonly payee: string;
  /** As the bank wrote it. */
  readonly importedPayee: string;
  /** Null where nobody has given it one yet. */
  readonly category: CategoryName | null;
  /** A split: their amounts add up to `amount`. Empty otherwise. */
  readonly parts: readonly { readonly amount: number; readonly category: CategoryName }[];
}

interface Transfer {
  readonly date: string;
  readonly from: AccountName;
  readonly to: AccountName;
  /** Positive. */
  readonly amount: number;
}

export interface Household {
  /** 'YYYY-MM-DD', the day of the starting balances. */
  readonly since: string;
  /** Oldest first. */
  readonly purchases: readonly Purchase[];
  readonly transfers: readonly Transfer[];
}

const DAYS = 222;
const DAYS_PER_MONTH = 30.4;
/** The household gives categories some weeks late, and not to everything. */
const DAYS_BEHIND = 24;
const NEWCOMERS_PER_MONTH = 2.5;
const SAVINGS_DAY = 26;
const SAVED = 250_00;
const CARD_PAYMENT_DAY = 20;

/** What the household has done up to `today` ('YYYY-MM-DD'): the same for the same day and seed. */
export function household(today: string, seed: number): Household {
  const random = new Random(seed);
  const since = addDays(today, -DAYS);
  const purchases: Purchase[] = [];
  const transfers: Transfer[] = [];

  for (let age = DAYS - 1; age >= 0; age--) {
    const date = addDays(today, -age);
    const dayOfMonth = Number(date.slice(8));
    const before = purchases.length;

    for (const regular of regulars) {
      if (regular.dayOfMonth === dayOfMonth) purchases.push(purchaseFrom(regular, date, random));
    }
    for (const shop of shops) {
      if (!random.chance(shop.perMonth / DAYS_PER_MONTH)) continue;
      const purchase = purchaseFrom(shop, date, random);
      const isForgotten = random.chance(age < DAYS_BEHIND ? 0.95 : 0.02);
      purchases.push(isForgotten ? uncategorised(purchase) : sometimesSplit(purchase, random));
    }
    if (random.chance(NEWCOMERS_PER_MONTH / DAYS_PER_MONTH))
      purchases.push(purchaseFromNewcomer(date, random));

    if (dayOfMonth === SAVINGS_DAY) {
      transfers.push({ date, from: 'Current Account', to: 'Savings', amount: SAVED });
    }
    if (dayOfMonth === CARD_PAYMENT_DAY) {
      const amount = -balanceOfCard(purchases.slice(0, before), transfers);
      if (amount > 0) transfers.push({ date, from: 'Current Account', to: 'Credit Card', amount });
    }
  }
  return { since, purchases, transfers };
}

/** One to three purchases of `today` that the household has not looked at yet, or only just. */
export function newPurchases(today: string, seed: number): Purchase[] {
  const random = new Random(seed);
  return Array.from({ length: random.between(1, 3) }, () => {
    if (random.chance(0.25)) return purchaseFromNewcomer(today, random);
    const purchase = purchaseFrom(anyShop(random), today, random);
    return random.chance(0.15) ? purchase : uncategorised(purchase);
  });
}

function purchaseFrom(merchant: Merchant, date: string, random: Random): Purchase {
  const category = random.pick(merchant.categories);
  const amount = random.between(...merchant.amount);
  const importedPayee = bankText(random.pick(merchant.patterns), date, random);
  return {
    account: merchant.account,
    date,
    amount: category === 'Income' ? amount : -amount,
    // Now and then nobody has told Actual yet who that is.
    payee: random.chance(0.8) ? merchant.name : importedPayee,
    importedPayee,
    category,
    parts: [],
  };
}

function purchaseFromNewcomer(date: string, random: Random): Purchase {
  const [pattern, amount] = random.pick(newcomers);
  const importedPayee = bankText(pattern, date, random);
  return {
    account: 'Credit Card',
    date,
    amount: -random.between(...amount),
    payee: importedPayee,
    importedPayee,
    category: null,
    parts: [],
  };
}

const uncategorised = (purchase: Purchase): Purchase => ({ ...purchase, category: null });

/** A big shop for food is for the house as well. */
function sometimesSplit(purchase: Purchase, random: Random): Purchase {
  const isBigShop = purchase.category === 'Groceries' && purchase.amount < -60_00;
  if (!isBigShop || !random.chance(0.4)) return purchase;
  const forTheHouse = -random.between(6_00, 18_00);
  return {
    ...purchase,
    category: null,
    parts: [
      { amount: purchase.amount - forTheHouse, category: 'Groceries' },
      { amount: forTheHouse, category: 'Household' },
    ],
  };
}

/** Those visited more often are met more often. */
function anyShop(random: Random): Merchant {
  let left = random.next() * shops.reduce((sum, { perMonth }) => sum + perMonth, 0);
  return shops.find(({ perMonth }) => (left -= perMonth) < 0) ?? shops[0];
}

function balanceOfCard(purchases: readonly Purchase[], transfers: readonly Transfer[]): number {
  const start = accounts.find(({ name }) => name === 'Credit Card')?.startingBalance ?? 0;
  const spent = purchases.filter(({ account }) => account === 'Credit Card');
  const paid = transfers.filter(({ to }) => to === 'Credit Card');
  return [...spent, ...paid].reduce((sum, { amount }) => sum + amount, start);
}

function addDays(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}
