import { useEffect, useRef, useState } from 'react';
import { useMutation, type CombinedError } from 'urql';
import { errorSentence } from './api/error-sentence.js';
import { startJobMutation, type StartJobInput } from './api/job-mutations.js';
import { isActive, type Budget, type Job } from './api/job.js';
import { TransactionChooser } from './choosing/transaction-chooser.js';
import { ChoiceField } from './parts/choice-field.js';
import { Problem } from './parts/problem.js';
import { strings } from './strings.js';
import { budgetName } from './words/budget-name.js';
import type { JobFeed } from './feed/job-feed.js';

const allUncategorized = { allUncategorized: true } as const;
const starts: readonly { readonly label: string; readonly input: StartJobInput }[] = [
  { label: strings.start.sync, input: { type: 'SYNC' } },
  { label: strings.start.suggest, input: { type: 'SUGGESTIONS_GENERATION', batch: allUncategorized } },
  { label: strings.start.both, input: { type: 'SYNC_AND_GENERATE', batch: allUncategorized } },
];

/** What was asked for while it was active already. */
interface Repeated {
  readonly input: StartJobInput;
  readonly job: Job;
}

interface Properties {
  readonly feed: JobFeed;
  readonly jobs: ReadonlyMap<string, Job>;
  readonly budgets: readonly Budget[];
  readonly isLive: boolean;
  readonly onOpen: (jobId: string) => void;
}

export function JobStarter({ feed, jobs, budgets, isLive, onOpen }: Properties) {
  const [{ fetching, error }, startJob] = useMutation(startJobMutation);
  const [repeated, setRepeated] = useState<Repeated | null>(null);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [isChoosing, setIsChoosing] = useState(false);
  // A budget that is no longer there is not started for.
  const budget = budgets.find(({ id }) => id === chosenId) ?? budgets[0];
  const hasChoice = budgets.length > 1;
  const problem = useUnlessOver(error, isLive);

  const start = async (input: StartJobInput) => {
    if (fetching) return;
    setRepeated(null);
    const { data } = await startJob({ input: { ...input, budgetId: hasChoice ? budget?.id : undefined } });
    if (!data) return;
    const { job, created } = data.startJob;
    if (input.batch && 'transactionIds' in input.batch) setIsChoosing(false);
    feed.learn([job]);
    if (created) return;
    setRepeated({ input, job });
    onOpen(job.id);
  };

  return (
    <section className="starter" aria-label={strings.start.title}>
      <div className="starter-controls">
        {hasChoice && (
          <ChoiceField
            label={strings.budget.label}
            value={budget?.id ?? ''}
            choices={budgets.map((it) => ({ value: it.id, text: budgetName(it) }))}
            onChoose={setChosenId}
          />
        )}
        {starts.map(({ label, input }) => (
          <button
            key={label}
            type="button"
            className={input.type === 'SYNC' ? 'button-main' : undefined}
            aria-disabled={fetching}
            onClick={() => void start(input)}
          >
            {label}
          </button>
        ))}
        {budget && (
          <button
            type="button"
            aria-expanded={isChoosing}
            aria-controls="chooser"
            onClick={() => setIsChoosing(!isChoosing)}
          >
            {strings.choosing.open}
          </button>
        )}
      </div>
      <div id="chooser">
        {budget && isChoosing && (
          <TransactionChooser
            key={budget.id}
            budgetId={budget.id}
            endedJobs={[...jobs.values()].filter((job) => !isActive(job)).length}
            onSuggest={(transactionIds) =>
              void start({ type: 'SUGGESTIONS_GENERATION', batch: { transactionIds } })
            }
          />
        )}
      </div>
      {problem && <Problem text={errorSentence(problem)} />}
      <div className="notice" aria-live="polite">
        {repeated && (
          <p>
            {strings.start.alreadyThere(repeated.job.status)}{' '}
            <button type="button" onClick={() => void start({ ...repeated.input, onConflict: 'QUEUE' })}>
              {strings.start.again}
            </button>
          </p>
        )}
      </div>
    </section>
  );
}

/** That the server could not be reached is said no longer once the page is live again. */
function useUnlessOver(error: CombinedError | undefined, isLive: boolean): CombinedError | undefined {
  const [over, setOver] = useState<CombinedError>();
  const wasLive = useRef(isLive);
  useEffect(() => {
    if (isLive && !wasLive.current && error?.networkError) setOver(error);
    wasLive.current = isLive;
  }, [error, isLive]);
  return error === over ? undefined : error;
}
