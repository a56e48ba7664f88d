import type { JobDetailsStep } from '../api/job-details.js';
import { Duration } from '../parts/duration.js';
import { strings } from '../strings.js';
import { durationText } from '../words/duration-text.js';

/** A wait that is shorter is no news. */
const toldFromMs = 1_000;

interface Properties {
  readonly step: JobDetailsStep;
  /** ISO text: when it could have begun. */
  readonly readyAt: string;
}

/** How long a step waited and ran, and how often it was tried. */
export function StepTimes({ step, readyAt }: Properties) {
  const { startedAt, completedAt, attempt } = step;
  if (startedAt === null) return null;
  const waitedMs = Date.parse(startedAt) - Date.parse(readyAt);
  return (
    <span className="step-times">
      {waitedMs >= toldFromMs && `${strings.steps.waited(durationText(waitedMs))} · `}
      {(completedAt === null ? strings.steps.runsFor : strings.steps.ran)(
        <Duration from={startedAt} to={completedAt} />,
      )}
      {attempt > 1 && ` · ${strings.steps.attempt(attempt)}`}
    </span>
  );
}
