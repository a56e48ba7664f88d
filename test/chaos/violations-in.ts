import { faultsOfAnswers } from './answer-rules.js';
import { chronicleOf } from './chronicle.js';
import { faultsAtRest, faultsOfIds, faultsOfJobs } from './history-rules.js';
import { faultsOfQuestions } from './model-rules.js';
import type { Observed } from './observed.js';
import { faultsOfQueries, faultsOfSightings } from './sight-rules.js';
import { faultsOfTurns } from './turn-rules.js';
import type { Violation } from './violation.js';

/** All that is wrong with what was observed, once nothing is left to do. */
export function violationsIn(observed: Observed): readonly Violation[] {
  const chronicle = chronicleOf(observed.log);
  return [
    ...observed.surprises.map((what) => ({ rule: 'SURPRISE' as const, what, jobIds: [] })),
    ...faultsOfIds(observed.log),
    ...faultsOfJobs(chronicle),
    ...faultsOfTurns(observed.log),
    ...faultsAtRest(chronicle),
    ...faultsOfAnswers(observed, chronicle),
    ...faultsOfQuestions(observed),
    ...faultsOfSightings(observed, chronicle),
    ...faultsOfQueries(observed, chronicle),
  ];
}
