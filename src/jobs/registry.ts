import type { StepHandler } from '../application/step-handler.js';
import type { Services, StepDefinition } from './step-definition.js';
import { suggestionsGeneration } from './suggestions-generation.js';
import { syncAndGenerate } from './sync-and-generate.js';
import { sync } from './sync.js';

/** Every type of job that can be started. A new one is a file beside this one, and a line here. */
export const jobDefinitions = [sync, suggestionsGeneration, syncAndGenerate];

/** Every kind of step that some job consists of. */
export const stepDefinitions: readonly StepDefinition[] = [
  ...new Set<StepDefinition>(jobDefinitions.flatMap(({ steps }) => steps)),
];

/** @param deadlineMs by step type */
export function stepHandlers(
  services: Services,
  deadlineMs: (stepType: string) => number,
): ReadonlyMap<string, StepHandler> {
  return new Map(
    stepDefinitions.map((step) => [
      step.type,
      { deadlineMs: deadlineMs(step.type), run: (context) => step.run(context, services) },
    ]),
  );
}
