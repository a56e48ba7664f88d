/** Who the household of the demo pays, how often, and what for. Amounts are in cents. */

export const categoryGroups = [
  {
    name: 'Home',
    categories: ['Rent', 'Energy and Water', 'Council Tax', 'Internet and Phone', 'Insurance', 'Household'],
  },
  { name: 'Everyday', categories: ['Groceries', 'Eating Out', 'Transport', 'Health'] },
  { name: 'Fun', categories: ['Subscriptions', 'Entertainment', 'Clothing', 'Sport and Hobbies'] },
  { name: 'Family', categories: ['Childcare', 'Gifts'] },
] as const;

/** `Income` is there in every budget. */
export type CategoryName = (typeof categoryGroups)[number]['categories'][number] | 'Income';

export const accounts = [
  { name: 'Current Account', startingBalance: 2_184_37 },
  { name: 'Credit Card', startingBalance: -412_80 },
  { name: 'Savings', startingBalance: 6_500_00 },
] as const;

export type AccountName = (typeof accounts)[number]['name'];

type Categories = readonly [CategoryName, ...CategoryName[]];
type Patterns = readonly [string, ...string[]];
/** Least and most that is paid at once. */
type Range = readonly [number, number];

export interface Merchant {
  /** As the household calls it. */
  readonly name: string;
  /** As its bank does, see `bank-text.ts`. */
  readonly patterns: Patterns;
  /** One of them for each transaction, as often as it is listed. */
  readonly categories: Categories;
  readonly account: AccountName;
  readonly amount: Range;
}

export interface Shop extends Merchant {
  readonly perMonth: number;
}

/** What is paid once a month; received, where the category is `Income`. */
export interface Regular extends Merchant {
  readonly dayOfMonth: number;
}

const shop = (
  name: string,
  categories: Categories,
  perMonth: number,
  amount: Range,
  ...patterns: Patterns
): Shop => ({ name, patterns, categories, perMonth, amount, account: 'Credit Card' });

const regular = (
  name: string,
  category: CategoryName,
  dayOfMonth: number,
  amount: Range,
  ...patterns: Patterns
): Regular => ({ name, patterns, categories: [category], dayOfMonth, amount, account: 'Current Account' });

export const shops: readonly [Shop, ...Shop[]] = [
  shop('Tesco', ['Groceries'], 7.5, [4_20, 88_00], 'TESCO STORES ####', 'TESCO STORES #### {town}'),
  shop('Lidl', ['Groceries'], 6, [6_10, 64_00], 'LIDL GB {town}', 'LIDL GB {town} ####'),
  shop(
    "Sainsbury's",
    ['Groceries'],
    3.5,
    [3_80, 71_00],
    "SAINSBURY'S S/MKT {town}",
    'SAINSBURYS S/MKTS ####',
  ),
  shop('Co-op', ['Groceries'], 4, [2_15, 18_50], 'CO-OP GROUP FOOD ######', 'COOP FOOD {town}'),
  shop('Waitrose', ['Groceries'], 1, [8_00, 46_00], 'WAITROSE ### {town}'),
  shop('Pret A Manger', ['Eating Out'], 4, [3_25, 12_40], 'PRET A MANGER {town}', 'SQ *PRET ####'),
  shop('Costa Coffee', ['Eating Out'], 2.5, [3_10, 9_80], 'COSTA COFFEE ########', 'COSTA @ {town}'),
  shop('Greggs', ['Eating Out'], 2, [2_40, 8_30], 'GREGGS PLC ####'),
  shop("Nando's", ['Eating Out'], 0.8, [21_00, 58_00], 'NANDOS {town}'),
  shop('Deliveroo', ['Eating Out'], 2.2, [14_50, 42_00], 'DELIVEROO.CO.UK', 'Deliveroo {town}'),
  shop(
    'The Crown Inn',
    ['Eating Out', 'Eating Out', 'Entertainment'],
    1.2,
    [9_00, 47_00],
    'IZ *THE CROWN INN {town}',
  ),
  shop(
    'Transport for London',
    ['Transport'],
    7,
    [1_75, 13_30],
    'TFL TRAVEL CH TFL.GOV.UK/CP',
    'TFL.GOV.UK/CP {date}',
  ),
  shop('Trainline', ['Transport'], 1.2, [11_40, 74_00], 'TRAINLINE.COM ##########', 'THETRAINLINE {town}'),
  shop('Shell', ['Transport'], 1.8, [32_00, 71_00], 'SHELL {town} ###', 'SHELL UK {date}'),
  shop(
    'Uber',
    ['Transport', 'Transport', 'Eating Out'],
    2,
    [7_20, 31_00],
    'UBER *TRIP HELP.UBER.COM',
    'UBR* PENDING.UBER.COM',
  ),
  shop('RingGo', ['Transport'], 1, [1_90, 8_60], 'RINGGO PARKING {town}'),
  shop(
    'Amazon',
    ['Household', 'Household', 'Gifts', 'Entertainment'],
    4,
    [5_99, 84_00],
    'AMZNMKTPLACE*??##?##??',
    'AMAZON.CO.UK*??####???',
    'AMZN MKTP UK*??#?#??##',
  ),
  shop('IKEA', ['Household'], 0.6, [12_00, 189_00], 'IKEA LTD {town}'),
  shop('B&Q', ['Household'], 0.9, [6_40, 78_00], 'B & Q #### {town}', 'B&Q {town}'),
  shop('Argos', ['Household', 'Household', 'Gifts'], 0.7, [11_00, 95_00], 'ARGOS LTD ####'),
  shop('Boots', ['Health', 'Health', 'Health', 'Household'], 2, [3_50, 34_00], 'BOOTS #### {town}'),
  shop('Superdrug', ['Health', 'Household'], 0.8, [4_20, 22_00], 'SUPERDRUG STORES {town}'),
  shop('Uniqlo', ['Clothing'], 0.6, [14_90, 89_00], 'UNIQLO UK LTD {town}'),
  shop('H&M', ['Clothing'], 0.8, [9_99, 74_00], 'H & M HENNES ###', 'HM.COM {town}'),
  {
    ...shop('Vinted', ['Clothing'], 0.9, [4_50, 31_00], 'PAYPAL *VINTED', 'VINTED ##########'),
    account: 'Current Account',
  },
  shop('Vue Cinemas', ['Entertainment'], 0.8, [9_99, 34_00], 'VUE BSL LTD {town}', 'VUE CINEMA {town}'),
  shop('Waterstones', ['Entertainment', 'Gifts'], 0.7, [8_99, 38_00], 'WATERSTONES {town}'),
  shop('Steam', ['Entertainment'], 0.6, [4_99, 39_99], 'STEAMGAMES.COM ##########', 'WL *STEAM PURCHASE'),
  shop('Decathlon', ['Sport and Hobbies'], 0.7, [7_99, 84_00], 'DECATHLON {town}'),
  shop('Hobbycraft', ['Sport and Hobbies', 'Gifts'], 0.6, [5_50, 36_00], 'HOBBYCRAFT TRADING ####'),
  shop('Moonpig', ['Gifts'], 0.6, [4_49, 38_00], 'MOONPIG.COM {town}'),
  shop('Dulwich Dental Practice', ['Health'], 0.3, [26_80, 73_50], 'DULWICH DENTAL PRACT {town}'),
  {
    ...shop('Cash', ['Household', 'Eating Out', 'Gifts'], 1, [20_00, 60_00], 'LNK {town} CD #### {date}'),
    account: 'Current Account',
  },
];

export const regulars: readonly Regular[] = [
  regular('Harcourt Lettings', 'Rent', 1, [1_325_00, 1_325_00], 'SO HARCOURT LETTINGS REF FLAT 4B'),
  regular('Southwark Council', 'Council Tax', 3, [142_00, 142_00], 'LB SOUTHWARK CTAX ########'),
  regular('Octopus Energy', 'Energy and Water', 5, [84_00, 147_00], 'DD OCTOPUS ENERGY A-????####'),
  regular('Thames Water', 'Energy and Water', 8, [33_50, 33_50], 'DD THAMES WATER ##########'),
  regular('BT', 'Internet and Phone', 11, [36_99, 36_99], 'DD BT GROUP PLC GP########'),
  regular('EE', 'Internet and Phone', 14, [22_00, 27_40], 'DD EE LIMITED Q##########'),
  regular('Aviva', 'Insurance', 16, [41_18, 41_18], 'DD AVIVA UK INSURANCE ######'),
  regular('Little Acorns Nursery', 'Childcare', 2, [585_00, 585_00], 'FPO LITTLE ACORNS NURSERY INV####'),
  regular('Netflix', 'Subscriptions', 9, [10_99, 10_99], 'NETFLIX.COM ###-###-####'),
  regular('Spotify', 'Subscriptions', 18, [17_99, 17_99], 'SPOTIFY P?######'),
  regular('PureGym', 'Sport and Hobbies', 6, [24_99, 24_99], 'DD PUREGYM LTD PG-########'),
  regular('Northgate Design', 'Income', 25, [3_060_00, 3_060_00], 'BGC NORTHGATE DESIGN SALARY'),
  regular('Lambeth Library Trust', 'Income', 27, [1_780_00, 1_780_00], 'BGC LAMBETH LIBRARY TR SALARY'),
  regular('HMRC', 'Income', 21, [102_40, 102_40], 'BGC HMRC CHILD BENEFIT ########CHB'),
  { ...regular('Interest', 'Income', 28, [19_10, 23_60], 'GROSS INTEREST TO {date}'), account: 'Savings' },
];

/** Where the household has not been before: what its bank writes, and the amount. */
export const newcomers: readonly [Newcomer, ...Newcomer[]] = [
  ['GAILS BAKERY {town}', [4_60, 19_00]],
  ['HALFORDS #### {town}', [8_00, 64_00]],
  ['SUMUP *BLOOM AND WILD {town}', [18_00, 44_00]],
  ['ZTL*PARKRUN CAFE {town}', [3_20, 11_50]],
  ['EB *FAMILY DAY OUT', [12_00, 36_00]],
  ['TIMPSON LTD ####', [6_00, 28_00]],
  ['DUNELM SOFT FURNISH {town}', [9_00, 85_00]],
  ['PAYPAL *ETSYIRELAN', [7_50, 39_00]],
  ['NATIONAL TRUST {town}', [8_00, 24_00]],
  ['SQ *THE PLANT ROOM', [11_00, 32_00]],
  ['SNAPPY SNAPS {town}', [5_99, 21_00]],
  ['CTS*HORNIMAN AQUARIUM', [9_50, 27_00]],
  ['TOOLSTATION LTD', [4_40, 58_00]],
  ['LUL TICKET MACHINE', [5_00, 20_00]],
];

type Newcomer = readonly [pattern: string, amount: Range];
