// The jobs on the README's pictures: some days of a household like that of the demo.
import { failure } from '../../dist/src/domain/failure.js';

/** What the clock says on the pictures. */
export const picturedAt = '2026-11-24T18:30:00Z';

const synced = (transactionsChanged, ...accountsTouched) => ({
  kind: 'SYNC',
  messagesReceived: 6 * transactionsChanged,
  messagesSent: 0,
  transactionsChanged,
  accountsTouched,
  durationMs: 400,
});

const transaction = (date, payee, amount) => ({ transactionId: `${payee} ${date}`, date, payee, amount });

const suggestion = (of, categoryName, confidence, rationale, source = 'HISTORY') => ({
  ...of,
  categoryId: categoryName,
  categoryName,
  confidence,
  rationale,
  source,
});

const groceries = (date, payee, amount, count, last) =>
  suggestion(
    transaction(date, payee, amount),
    'Groceries',
    0.99,
    `All ${count} earlier ${payee} transactions were Groceries, last on ${last} November 2026.`,
  );

const ofHistory = [
  groceries('2026-11-24', 'Waitrose', -30_96, 8, 9),
  suggestion(
    transaction('2026-11-23', 'Trainline', -34_60),
    'Transport',
    0.98,
    'All 14 earlier Trainline transactions were Transport, last on 6 November 2026.',
  ),
  groceries('2026-11-23', 'Tesco', -42_17, 51, 12),
  suggestion(
    transaction('2026-11-22', 'Costa Coffee', -6_45),
    'Eating Out',
    0.97,
    'All 17 earlier Costa Coffee transactions were Eating Out, last on 10 November 2026.',
  ),
  groceries('2026-11-21', 'Lidl', -27_80, 40, 11),
];

const boots = transaction('2026-11-20', 'Boots', -18_64);
const marketplace = transaction('2026-11-19', 'AMZNMKTPLACE*Z658T01DY', -31_51);
const inn = transaction('2026-11-18', 'IZ *THE CROWN INN LONDON', -17_67);
const cobbler = transaction('2026-11-17', 'TIMPSON LTD 4306', -23_25);

const likely = suggestion(
  boots,
  'Health',
  0.71,
  '5 of 7 earlier Boots transactions were Health, last on 2 November 2026.',
);

/** As the demo answers: from history alone. */
const demoAnswers = [...ofHistory, likely];

/** As a model does whatever history is not sure of. */
const modelAnswers = [
  ...ofHistory,
  suggestion(boots, 'Health', 0.84, 'A pharmacy; most of its earlier transactions were Health.', 'MODEL'),
  suggestion(
    marketplace,
    'Household',
    0.42,
    'A marketplace sells all sorts of things; earlier orders were Household more often than Gifts.',
    'MODEL',
  ),
  suggestion(inn, 'Eating Out', 0.88, 'An inn in London.', 'MODEL'),
];

/** What a job records that suggested these, and left the others without an answer. */
function answered(suggestions, left, model) {
  const spent = model ? { inputTokens: 1_190, outputTokens: 214 } : { inputTokens: 0, outputTokens: 0 };
  const requested = suggestions.length + left.length;
  const fromModel = suggestions.filter(({ source }) => source === 'MODEL').length;
  return {
    answers: {
      ...{ kind: 'SUGGESTIONS', batch: 1, requested, suggestions, model, ...spent },
      ...{ unanswered: left.map(({ transactionId }) => transactionId), unansweredTransactions: left },
    },
    result: {
      ...{ kind: 'SUGGESTIONS', requested, suggested: suggestions.length, unanswered: left.length },
      ...{ fromHistory: suggestions.length - fromModel, fromModel, model, ...spent },
      ...(model && { unusable: 0, cost: 0.000307 }),
    },
  };
}

const byDemo = answered(demoAnswers, [marketplace, inn, cobbler], null);
const byModel = answered(modelAnswers, [cobbler], 'gpt-4o-mini');

const idOf = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
/** To be opened on one of the pictures each. */
export const combinedJobId = idOf(1);
export const failedJobId = idOf(2);
export const jobOfModelId = idOf(3);

/** The newest first. */
export function picturedJobs(budgetId) {
  const nightly = (day, result) => ({
    createdAt: `2026-11-${day}T03:00:00.000Z`,
    tookMs: 700,
    results: [result],
  });
  return [
    {
      id: combinedJobId,
      type: 'SYNC_AND_GENERATE',
      createdAt: '2026-11-24T18:26:12.000Z',
      tookMs: 1_800,
      results: [synced(4, 'Credit Card', 'Current Account'), byDemo.result],
      answers: byDemo.answers,
    },
    {
      id: failedJobId,
      type: 'SYNC_AND_GENERATE',
      createdAt: '2026-11-24T18:05:40.000Z',
      tookMs: 31_400,
      failure: failure('ACTUAL_UNREACHABLE'),
      failedStep: 1,
    },
    nightly(24, synced(2, 'Credit Card')),
    {
      id: jobOfModelId,
      type: 'SUGGESTIONS_GENERATION',
      createdAt: '2026-11-23T20:14:05.000Z',
      tookMs: 3_200,
      results: [byModel.result],
      answers: byModel.answers,
    },
    { createdAt: '2026-11-23T20:13:30.000Z', isCanceled: true },
    nightly(23, synced(7, 'Credit Card', 'Current Account', 'Savings')),
    nightly(22, synced(0)),
    nightly(21, synced(3, 'Credit Card')),
  ].map((job) => ({ ...job, budgetId }));
}
