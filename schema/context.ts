import type { JobService } from '../src/application/job-service.js';
import type { JobReader } from '../projections/job-reader.js';
import type { JobUpdates } from '../projections/job-updates.js';

/** What every resolver works with. */
export interface Context {
  /** Whoever asks; owns the jobs that are started and sees no others. */
  readonly viewerId: string;
  readonly jobs: JobService;
  readonly reader: JobReader;
  readonly updates: JobUpdates;
  /** Whether what the reader does not find does not exist, as far as this server can know. */
  readonly isUpToDate: () => boolean;
  /** Whether the reader has anything to show: read in this life of the server, or in a former one. */
  readonly hasReadJobs: () => boolean;
  /** Whether a position is one of this server's log; one of the near future is waited for. */
  readonly knowsPosition: (position: string) => Promise<boolean>;
  readonly budgets: Budgets;
}

interface Budgets {
  /** Those that somebody may use. */
  list(viewerId: string): readonly { readonly id: string; readonly name: string }[];
  /** What suggestions can be asked for; null where that cannot be told now. */
  uncategorized(
    budgetId: string,
    query: { readonly search: string; readonly limit: number },
  ): Promise<{ readonly transactions: readonly UncategorizedFacts[]; readonly count: number } | null>;
}

interface UncategorizedFacts {
  readonly id: string;
  readonly date: string;
  readonly payee: string | null;
  /** Cents. */
  readonly amount: number;
  readonly accountName: string;
}
