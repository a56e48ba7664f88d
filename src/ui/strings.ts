import type { ReactNode } from 'react';
import type { Connection } from './feed/connection.js';
import type { JobStatus, StepStatus } from './api/job.js';
import type { Certainty } from './words/certainty.js';
import { counted } from './words/counted.js';
import { sentence } from './words/sentence.js';

/**
 * All words of the page, for who translates it; those that come from the server, such as failures and reasons, are the
 * server's. What stands between other things is a function of them, so that their order can be another. Dates, numbers and
 * how long ago something was are written by the browser, in the reader's language.
 */
export const strings = {
  appName: 'Actual Jobs',
  playground: 'GraphQL playground',
  loading: 'Loading …',
  copied: 'Copied',
  /** In place of what is not there. */
  nothing: '–',
  unreachable: 'The server could not be reached. It is safe to try again.',

  connection: { LIVE: 'Live', RECONNECTING: 'Reconnecting…', OFFLINE: 'Offline' } satisfies Record<
    Connection,
    string
  >,
  asOf: (time: ReactNode) => sentence('As of ', time),

  jobTypes: {
    SYNC: 'Sync',
    SUGGESTIONS_GENERATION: 'Suggestions Generation',
    SYNC_AND_GENERATE: 'Sync and Generate',
  },
  statuses: {
    QUEUED: 'Queued',
    RUNNING: 'Running',
    SUCCEEDED: 'Succeeded',
    FAILED: 'Failed',
    CANCELED: 'Canceled',
    SKIPPED: 'Skipped',
  } satisfies Record<StepStatus, string>,

  budget: {
    label: 'Budget',
    /** Of which the server does not know the name. */
    unnamed: (beginOfId: string) => `Budget ${beginOfId}`,
  },

  start: {
    title: 'Start',
    sync: 'Sync',
    suggest: 'Generate suggestions',
    both: 'Sync and generate',
    alreadyThere: (status: JobStatus) =>
      `Nothing new was started: the same job was already ${status === 'QUEUED' ? 'waiting for its turn' : 'running'}, so it was opened.`,
    again: 'Run again afterwards',
  },

  choosing: {
    open: 'Choose transactions…',
    title: 'Transactions without a category',
    search: 'Search',
    looking: 'Looking for them…',
    found: (transactions: number, isSearch: boolean) =>
      `${counted(transactions, { one: 'transaction', other: 'transactions' })}${isSearch ? ' found' : ''}, as of the last sync.`,
    more: (shown: number) => `The newest ${shown.toLocaleString()} are shown; search for the others.`,
    unknown:
      'They are not known now: the budget was not synced yet, or a job is using it. Press “Sync”, or wait until that job has ended.',
    lookAgain: 'Look again',
    all: 'All that are shown',
    choose: (payee: string, amount: string, date: string) => `${payee}, ${amount}, ${date}`,
    payee: 'Payee',
    amount: 'Amount',
    account: 'Account',
    suggest: (transactions: number) =>
      transactions === 0
        ? 'Suggest for those chosen'
        : `Suggest for ${counted(transactions, { one: 'transaction', other: 'transactions' })}`,
  },

  list: {
    title: 'Jobs',
    type: 'Type',
    status: 'Status',
    started: 'Started',
    completed: 'Completed',
    took: 'Took',
    outcome: 'Outcome',
    details: 'Details',
    detailsOf: (time: string) => `Details of the job of ${time}`,
    all: 'All',
    showAll: 'Show all',
    noMatch: 'No job matches these filters.',
    nothingYet:
      'Nothing has been started yet. Press “Sync” to bring your budget up to date, or “Sync and generate” to get suggestions as well.',
    whatToExpect:
      'What each job does and how it ended will be told here as it happens; this page may be closed meanwhile.',
    loadOlder: 'Load older',
    waits: 'Waits for its turn',
    progress: (step: number, steps: number, name: string) => `Step ${step} of ${steps}: ${name}`,
    nothingChanged: 'No transaction changed',
    changed: (transactions: number, accounts: number) =>
      `${transactionsText(transactions)} changed in ${counted(accounts, { one: 'account', other: 'accounts' })}`,
    suggested: (suggested: number, requested: number) =>
      `${suggested.toLocaleString()} of ${requested.toLocaleString()} suggested`,
  },

  details: {
    title: 'Job details',
    close: 'Close',
    gone: 'There is no such job, or it is no longer kept.',
    waits: 'It waits for its turn: the jobs of one budget run one at a time.',
    isStopping: 'It was asked to stop and is stopping.',
    queued: 'Queued',
    started: 'Started',
    completed: 'Completed',
    isRetry: 'It goes on from an earlier job.',
    showEarlier: 'Show the earlier one',
    whatToDo: (action: string) => `What to do: ${action}`,
    copyCode: 'Copy the code',
    cancel: 'Cancel',
    cancelEffect: 'Stops it. What Actual has received by then stays.',
    retry: 'Retry',
    retryEffect: 'Starts a new job that does the same.',
    retryOfRestEffect:
      'Starts a new job that goes on where this one ended; what succeeded is not done again.',
    history: 'History',
    technical: 'Technical details',
    job: 'Job',
    traffic: (received: number, sent: number, duration: string) =>
      `${counted(received, { one: 'message', other: 'messages' })} received, ${sent.toLocaleString()} sent, in ${duration}`,
  },

  steps: {
    title: 'Steps',
    waited: (duration: string) => `waited ${duration}`,
    ran: (duration: ReactNode) => sentence('ran ', duration),
    runsFor: (duration: ReactNode) => sentence('for ', duration),
    attempt: (attempt: number) => `attempt ${attempt}`,
    attemptFailed: (message: string) => `An attempt failed: ${message}`,
    /** `remaining`: nothing while that is not known. */
    nextAttempt: (time: ReactNode, remaining: ReactNode) =>
      sentence('It will be tried again at ', time, remaining, '.'),
    inSoLong: (duration: string) => `(in ${duration})`,
    now: '(now)',
    nothingChanged: 'No transaction changed.',
    changed: (transactions: number, accounts: readonly string[]) =>
      `${transactionsText(transactions)} changed in ${accounts.join(', ')}.`,
    suggested: (suggested: number, requested: number) =>
      `${suggested.toLocaleString()} of ${transactionsText(requested)} got a suggestion.`,
    notSureEnough: (transactions: number) => `Nothing was sure enough for ${transactions.toLocaleString()}.`,
    unusable: (model: string, transactions: number) =>
      `What ${model} answered could not be used for ${transactions.toLocaleString()}.`,
    fromHistoryAlone: 'Your budget’s history answered; no model was asked.',
    fromBoth: (fromHistory: number, fromModel: number, model: string, cost: string) =>
      `${fromHistory.toLocaleString()} from your budget’s history, ${fromModel.toLocaleString()} from ${model}${cost}.`,
    unknownCost: '; its server does not tell what that took',
    cost: (tokens: number, price: string | null) =>
      `, for ${counted(tokens, { one: 'token', other: 'tokens' })}${price === null ? '' : ` (${price} at your prices)`}`,
    showNotSure: 'Show which',
  },

  suggestions: {
    title: 'Suggestions',
    noneYet: 'None yet.',
    none: 'None.',
    harmless: 'Nothing in your budget was changed by them.',
    notSureFirst: 'Not sure first',
    saveAsCsv: 'Export as CSV',
    payee: 'Payee',
    amount: 'Amount',
    category: 'Category',
    howSure: 'How sure',
    why: 'Why',
    noPayee: 'No payee',
    fromModel: 'From the model.',
    certainty: { sure: 'Sure', likely: 'Likely', unsure: 'Unsure', none: 'No answer' } satisfies Record<
      Certainty,
      string
    >,
    showMore: (shown: number, total: number) =>
      `Show more (${shown.toLocaleString()} of ${total.toLocaleString()} shown)`,
    unknown: (transactions: number) =>
      `${transactions.toLocaleString()} more got no answer; the job does not know more of it.`,
  },

  signIn: {
    title: 'Sign in',
    howTo: 'Paste the token that you got from whoever runs this server.',
    token: 'Token',
    submit: 'Sign in',
    signedInAs: (viewer: ReactNode) => sentence('Signed in as ', viewer),
    signOut: 'Sign out',
  },

  notices: {
    allow: 'Notify me when a job ends',
    ended: (type: string, status: string) => `${type}: ${status}`,
    endedSince: (type: string, time: string, status: string) => `${type} of ${time}: ${status}.`,
    running: (jobs: number) => `${jobs} running`,
    failed: 'Failed',
  },

  time: {
    justNow: 'Just now',
    lessThan: (duration: string) => `less than ${duration}`,
    seconds: (seconds: string) => `${seconds} s`,
    minutes: (minutes: number, seconds: number) => `${minutes} min ${seconds} s`,
    hours: (hours: number, minutes: number) => `${hours} h ${minutes} min`,
    days: (days: number) => counted(days, { one: 'day', other: 'days' }),
  },
};

function transactionsText(n: number): string {
  return counted(n, { one: 'transaction', other: 'transactions' });
}
