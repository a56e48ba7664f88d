/** A change of what was built that looks harmless and is not. */
export interface Bug {
  readonly name: string;
  /** Below the folder of the build. */
  readonly file: string;
  /** Stands there exactly once, lines and their order included; how they are indented does not matter. */
  readonly find: string;
  readonly replace: string;
  /** What it makes go wrong: at least one violation says so. */
  readonly caught: RegExp;
  /** Servers that share a store, where it takes two. */
  readonly servers?: 2;
}

/** Each was made at least once by somebody, somewhere. */
export const bugs: readonly Bug[] = [
  {
    name: 'a lost await: a mutation does not wait until queries show what it did',
    file: 'src/application/job-service.js',
    find: `await this.#shown(queued.position);`,
    replace: `void this.#shown(queued.position).catch(() => undefined);`,
    caught: /START was refused with JOB_NOT_FOUND/,
  },
  {
    name: 'an acknowledgement before the commit',
    file: 'src/eventstore/sqlite/group-commit.js',
    find: `
      commit.run();
      for (const answer of answers)
      answer();`,
    replace: `
      for (const answer of answers) answer();
      this.#onCommitted();
      this.#isScheduled = true;
      setTimeout(() => {
        this.#isScheduled = false;
        commit.run();
        if (this.#waiting.length > 0) this.#schedule();
      }, 10);`,
    caught: /which does not exist|the log has|are not what a rebuild makes/,
  },
  {
    name: 'a claim without revision',
    file: 'src/application/job-streams.js',
    find: `facts, { expectedRevision, signal, metadata }),`,
    replace: `facts, {
      expectedRevision: facts.some(({ type }) => type === 'StepStarted') ? 'any' : expectedRevision,
      signal,
      metadata,
    }),`,
    caught: /StepStarted came|JobStarted came|was claimed in lane/,
    servers: 2,
  },
  {
    name: 'event ids that are derived from where the events stand',
    file: 'src/application/durable-append.js',
    find: `
      const events = facts.map(({ type, ...data }) => ({
      ...{ id: randomUUID(), type, data },`,
    replace: `
      const derived = (index) => {
        const hash = process.getBuiltinModule('node:crypto').createHash('sha256').update([stream, expectedRevision, index].join()).digest('hex');
        return [hash.slice(0, 8), hash.slice(8, 12), '4' + hash.slice(13, 16), '8' + hash.slice(17, 20), hash.slice(20, 32)].join('-');
      };
      const events = facts.map(({ type, ...data }, index) => ({
        ...{ id: derived(index), type, data },`,
    caught: /was not canceled|which does not exist|was created twice|never ends|was never let into a lane/,
    servers: 2,
  },
  {
    name: 'a skipped repair: nobody queues what was admitted',
    file: 'src/domain/saga.js',
    find: `return lane.admitted ? { type: 'QueueJob', at, request: lane.admitted } : null;`,
    replace: `return null;`,
    caught: /stands in lane .* for ever and has no event/,
  },
  {
    name: 'a checkpoint outside its transaction',
    file: 'projections/projector.js',
    find: `
      for (const [{ name }] of behind)
      database.saveCheckpoint(name, position);
      this.#landmarks.save(landmarks);
      database.commit();`,
    replace: `
      this.#landmarks.save(landmarks);
      database.commit();
      for (const [{ name }] of behind) database.saveCheckpoint(name, position);`,
    caught: /are not what a rebuild makes|is not ready|cannot be compared/,
  },
  {
    name: 'a step that begins anew: what was answered is asked again',
    file: 'src/jobs/suggestions-generation.js',
    find: `const open = reading.transactions.filter(({ id }) => !known.has(id));`,
    replace: `const open = reading.transactions;`,
    caught: /was answered twice|which was answered at/,
  },
  {
    name: 'a gap: who resumes gets only what comes from now on',
    file: 'projections/job-updates.js',
    find: `.filter((each) => jobId === undefined || each === jobId);`,
    replace: `.filter((each) => each === jobId);`,
    caught: /missed the last of/,
  },
  {
    name: 'an orphan: the process of a budget outlives its server',
    file: 'src/actual/child/main.js',
    find: `endWithParent(Number(process.argv[2]));`,
    replace: `process.on('disconnect', () => undefined);\nsetInterval(() => undefined, 1000);`,
    caught: /outlived it/,
  },
];
