import { stepPartsProjection } from './step-parts-projection.js';

/** The transactions that each job had no answer for, in the order in which they were looked at. */
export const unansweredProjection = stepPartsProjection({
  name: 'unanswered',
  column: 'unanswered',
  version: 1,
  partsOf: ({ unansweredTransactions = [] }) => unansweredTransactions,
});
