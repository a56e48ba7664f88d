import { firstBudget, secondBudget, type Scenario } from './scenario.js';

/**
 * Small worlds that are explored to the end. In all of them the saga may look at any job in a lane at any moment, from
 * any server; steps succeed at any moment.
 */
export const scenarios: readonly Scenario[] = [
  {
    sentence: 'the same job is started on two servers, and one of them crashes',
    commands: [
      { kind: 'START', at: 0 },
      { kind: 'START', at: 1 },
    ],
    misfortunes: { crashes: 1 },
  },
  {
    sentence: 'the same job is started on two servers, and the outcome of an append stays unknown',
    commands: [
      { kind: 'START', at: 0 },
      { kind: 'START', at: 1 },
    ],
    misfortunes: { unknownOutcomes: 1 },
  },
  {
    sentence: 'one server is alone, crashes twice, and the outcome of an append stays unknown',
    servers: 1,
    commands: [{ kind: 'START', at: 0 }],
    misfortunes: { crashes: 2, unknownOutcomes: 1 },
  },
  {
    sentence: 'servers crash twice while the clock of one is behind',
    commands: [{ kind: 'START', at: 0 }],
    misfortunes: { crashes: 2 },
    isSecondClockBehind: true,
  },
  {
    sentence: 'a job is canceled on the other server, and one of them crashes',
    commands: [
      { kind: 'START', at: 0 },
      { kind: 'CANCEL', at: 1 },
    ],
    misfortunes: { crashes: 1 },
  },
  {
    sentence: 'a job is canceled, and a runner that lives is taken to be gone',
    commands: [
      { kind: 'START', at: 0 },
      { kind: 'CANCEL', at: 1 },
    ],
    misfortunes: { wrongJudgements: 1 },
  },
  {
    sentence: 'a job is canceled between two attempts',
    commands: [
      { kind: 'START', at: 0 },
      { kind: 'CANCEL', at: 0 },
    ],
    misfortunes: { passingFailures: 1 },
  },
  {
    sentence: 'runners that live are taken to be gone, more often than a step may be interrupted',
    commands: [{ kind: 'START', at: 0 }],
    misfortunes: { wrongJudgements: 2, unknownOutcomes: 1 },
    maxInterruptions: 1,
  },
  {
    sentence: 'one key is used for two budgets, and a server crashes',
    commands: [
      { kind: 'START', at: 0, key: 'a key' },
      { kind: 'START', at: 1, key: 'a key', budgetId: secondBudget },
    ],
    misfortunes: { crashes: 1 },
  },
  {
    sentence: 'one key is used twice for the same, and a server crashes',
    commands: [
      { kind: 'START', at: 0, key: 'a key' },
      { kind: 'START', at: 1, key: 'a key' },
    ],
    misfortunes: { crashes: 1 },
  },
  {
    sentence: 'one key is used twice beside a start without one',
    commands: [
      { kind: 'START', at: 0 },
      { kind: 'START', at: 1, key: 'a key' },
      { kind: 'START', at: 0, key: 'a key' },
    ],
    misfortunes: {},
  },
  {
    sentence: 'three of the same job are started on one server, and each wants something else',
    servers: 1,
    commands: [
      { kind: 'START', at: 0 },
      { kind: 'START', at: 0, onConflict: 'QUEUE' },
      { kind: 'START', at: 0, onConflict: 'REJECT' },
    ],
    misfortunes: {},
  },
  {
    sentence: 'two jobs of one budget, of one step and of two',
    commands: [
      { kind: 'START', at: 0 },
      { kind: 'START', at: 1, type: 'SYNC_AND_GENERATE' },
    ],
    misfortunes: {},
  },
  {
    sentence: 'two jobs of two budgets share one slot, and the server crashes',
    servers: 1,
    slots: 1,
    commands: [
      { kind: 'START', at: 0, budgetId: firstBudget },
      { kind: 'START', at: 0, budgetId: secondBudget },
    ],
    misfortunes: { crashes: 1 },
  },
  {
    sentence: 'a job is canceled, and a read shows less than there is',
    servers: 1,
    commands: [
      { kind: 'START', at: 0 },
      { kind: 'CANCEL', at: 0 },
    ],
    misfortunes: { staleReads: 1 },
  },
  {
    sentence: 'a job fails in either of its steps and is retried',
    commands: [
      { kind: 'START', at: 0, type: 'SYNC_AND_GENERATE' },
      { kind: 'RETRY', at: 1 },
    ],
    misfortunes: { failures: 1 },
  },
  {
    sentence: 'a job is removed long after its end while its key is used again',
    commands: [
      { kind: 'START', at: 0, key: 'a key' },
      { kind: 'START', at: 1, key: 'a key' },
    ],
    misfortunes: { retirements: 1 },
  },
  {
    sentence: 'a job is removed long after its end, and its id comes back behind another one',
    servers: 1,
    commands: [
      { kind: 'START', at: 0, key: 'a key' },
      { kind: 'START', at: 0, key: 'a key', onConflict: 'QUEUE' },
      { kind: 'START', at: 0, onConflict: 'QUEUE' },
    ],
    misfortunes: { retirements: 1 },
  },
  {
    sentence: 'a job is started on two servers, which remember less than there is',
    commands: [
      { kind: 'START', at: 0 },
      { kind: 'START', at: 1, onConflict: 'QUEUE' },
    ],
    misfortunes: { staleMemories: 1 },
  },
  {
    sentence: 'a job is canceled on another server than it runs on, and both remember less than there is',
    commands: [
      { kind: 'START', at: 0 },
      { kind: 'CANCEL', at: 1 },
    ],
    misfortunes: { staleMemories: 2 },
  },
  {
    sentence: 'a server that remembers less than there is crashes, or takes another for gone that lives',
    commands: [{ kind: 'START', at: 0 }],
    misfortunes: { staleMemories: 1, crashes: 1, wrongJudgements: 1 },
  },
  {
    sentence: 'a job is removed and its key used again, while servers remember less than there is',
    commands: [
      { kind: 'START', at: 0, key: 'a key' },
      { kind: 'START', at: 1, key: 'a key' },
    ],
    misfortunes: { retirements: 1, staleMemories: 1 },
  },
  {
    sentence: 'an id comes back behind another job, and its server remembers less than there is',
    servers: 1,
    commands: [
      { kind: 'START', at: 0, key: 'a key' },
      { kind: 'START', at: 0, key: 'a key', onConflict: 'QUEUE' },
      { kind: 'START', at: 0, onConflict: 'QUEUE' },
    ],
    misfortunes: { retirements: 1, staleMemories: 1 },
    atOnce: 1,
  },
];
