import type { JobDefinition } from '../application/job-definition.js';
import { orStepFailure, type StepDefinition } from './step-definition.js';

export const syncStep = {
  type: 'SYNC',
  description: 'Exchanges changes with the Actual server, both ways.',
  needsBatch: false,
  run: ({ budgetId, signal }, { budgets }) => orStepFailure(budgets.sync(budgetId, { signal })),
} satisfies StepDefinition;

export const sync = {
  type: 'SYNC',
  description: syncStep.description,
  steps: [syncStep],
} satisfies JobDefinition;
