import { Counter, type Registry } from 'prom-client';
import { budgetOperations, type OnActualError } from '../actual/observed-budgets.js';
import { failureCodes } from '../domain/failure.js';

/** Counts what went wrong with Actual, by what was to be done and the code of the failure. */
export function countActualErrors(registry: Registry): OnActualError {
  const errors = new Counter({
    name: 'actual_jobs_actual_errors_total',
    help: 'Operations with Actual that failed, by operation and failure code.',
    labelNames: ['operation', 'code'],
    registers: [registry],
  });
  const codes = failureCodes.filter((code) => code.startsWith('ACTUAL_'));
  for (const operation of budgetOperations) for (const code of codes) errors.inc({ operation, code }, 0);
  return (operation, code) => errors.inc({ operation, code });
}
