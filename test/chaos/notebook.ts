import { hasEnded, type JobData } from '../support/jobs-api.js';
import type { Answer, Follower, Observed, Question, Sighting } from './observed.js';

/** What happened so far, as it is told from outside; what was checked already is kept as far as it is needed again. */
export class Notebook {
  readonly answers: Answer[] = [];
  readonly surprises: string[] = [];
  readonly #users: readonly string[];
  readonly #latest = new Map<string, JobData>();
  #sightings: Sighting[] = [];
  #questions: Question[] = [];
  #since = '';
  #created = 0;

  constructor(users: readonly string[]) {
    this.#users = users;
  }

  /** All that changed after this position is still to be checked. */
  get since(): string {
    return this.#since;
  }

  /** How many jobs users know that they made. */
  get created(): number {
    return this.#created;
  }

  answered(answer: Answer): void {
    this.answers.push(answer);
    if (answer.outcome.kind === 'JOB' && answer.outcome.created) this.#created += 1;
  }

  saw(witness: string, job: JobData): void {
    const { id: jobId, status, position, history } = job;
    this.#sightings.push({ witness, jobId, status, position, transitions: history.length });
    const known = this.#latest.get(jobId);
    if (!known || known.position < position) this.#latest.set(jobId, job);
  }

  asked(question: Question): void {
    this.#questions.push(question);
  }

  /** How many of these jobs have not ended, as far as anybody saw. */
  activeAmong(jobIds: readonly string[]): number {
    return jobIds.filter((id) => {
      const job = this.#latest.get(id);
      return job !== undefined && !hasEnded(job);
    }).length;
  }

  latest(jobId: string): JobData | undefined {
    return this.#latest.get(jobId);
  }

  observed(log: Observed['log'], shown: Observed['shown']): Observed {
    const { answers, surprises } = this;
    const followers = this.#users.map<Follower>((user) => ({
      ...{ witness: followerOf(user), user },
      since: this.#since,
    }));
    return {
      log,
      answers,
      surprises,
      sightings: this.#sightings,
      questions: this.#questions,
      followers,
      shown,
    };
  }

  /** Of what was found sound up to here, only the last sightings can still be contradicted. */
  forgetUpTo(position: string): void {
    this.#since = position;
    this.#questions = [];
    const last = new Map(
      this.#sightings.map((sighting) => [`${sighting.witness} ${sighting.jobId}`, sighting]),
    );
    this.#sightings = [...last.values()];
  }
}

/** The name of the witness who follows all jobs of a user. */
export function followerOf(user: string): string {
  return `${user}'s follower`;
}
