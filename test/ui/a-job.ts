import type { Job } from '../../src/ui/api/job.js';

export function aJob(facts: Partial<Job>): Job {
  return {
    id: 'a',
    type: 'SYNC',
    status: 'SUCCEEDED',
    budget: { id: 'budget', name: 'Household' },
    createdAt: '2026-11-24T09:00:00.000Z',
    startedAt: null,
    completedAt: null,
    failure: null,
    steps: [],
    position: '01',
    ...facts,
  };
}
