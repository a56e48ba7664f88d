import { jobIdOf, jobPrefix } from '../../src/domain/streams.js';
import { asJobEvent } from './chronicle.js';
import { transactionsAnsweredIn } from './history-rules.js';
import type { Observed } from './observed.js';
import type { Violation } from './violation.js';

interface Claimed {
  readonly jobId: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Whether the model was asked about a transaction once more by a job that had its answer. A question does not say on
 * whose behalf it comes: it is that of the job which held the claim in the lane of its transactions at that time.
 */
export function faultsOfQuestions({
  log,
  questions,
}: Pick<Observed, 'log' | 'questions'>): readonly Violation[] {
  const asked = questions.map(({ at }) => at).sort();
  const [since = ''] = asked;
  const answeredAt = new Map<string, Map<string, string>>();
  const open = new Map<string, Claimed>();
  const claims: Claimed[] = [];
  for (const recorded of log) {
    if (!recorded.stream.startsWith(jobPrefix)) continue;
    const event = asJobEvent(recorded);
    const jobId = jobIdOf(recorded.stream);
    const known = answeredAt.get(jobId) ?? new Map<string, string>();
    for (const id of transactionsAnsweredIn(event)) if (!known.has(id)) known.set(id, event.at);
    if (known.size > 0) answeredAt.set(jobId, known);
    const claim = open.get(jobId);
    if (event.type === 'StepStarted') open.set(jobId, { jobId, from: event.at, to: '' });
    else if (claim && event.type !== 'StepAdvanced' && event.type !== 'CancelRequested') {
      open.delete(jobId);
      if (event.at >= since) claims.push({ ...claim, to: event.at });
    }
  }
  claims.push(...open.values());
  return questions.flatMap(({ at, transactionIds }) => {
    const asking = claims.filter(({ from, to }) => from <= at && (to === '' || at <= to));
    return asking.flatMap(({ jobId }) => {
      const known = answeredAt.get(jobId);
      const again = transactionIds.find((id) => (known?.get(id) ?? at) < at);
      if (again === undefined) return [];
      const what = `${jobId} asked the model at ${at} about ${again}, which was answered at ${known?.get(again)}`;
      return [{ rule: 'PAID_ONCE' as const, what, jobIds: [jobId] }];
    });
  });
}
