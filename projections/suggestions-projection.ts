import { stepPartsProjection } from './step-parts-projection.js';

/** The suggestions of each job, in the order in which they were given. */
export const suggestionsProjection = stepPartsProjection({
  name: 'suggestions',
  column: 'suggestion',
  version: 1,
  partsOf: ({ suggestions }) => suggestions,
});
