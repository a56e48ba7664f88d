import { historyProjection } from './history-projection.js';
import { jobsProjection } from './jobs-projection.js';
import { lanesProjection } from './lanes-projection.js';
import type { Projection } from './projection.js';
import { referencesProjection } from './references-projection.js';
import { suggestionsProjection } from './suggestions-projection.js';
import { unansweredProjection } from './unanswered-projection.js';

/** Every read model that there is. */
export const allProjections: readonly Projection[] = [
  lanesProjection,
  jobsProjection,
  historyProjection,
  suggestionsProjection,
  unansweredProjection,
  referencesProjection,
];
