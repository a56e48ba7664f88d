import { expect, it } from 'vitest';
import type { JobData } from '../support/jobs-api.js';
import { Notebook } from './notebook.js';

const seen = (id: string, position: string, status = 'RUNNING') =>
  ({ id, position, status, history: [] }) as unknown as JobData;

it('keeps of what was found sound the last sighting of each witness, which a later one may still contradict', () => {
  const notebook = new Notebook(['anna']);
  notebook.saw('anna', seen('a', '1'));
  notebook.saw('anna', seen('a', '2'));
  notebook.saw('ben', seen('a', '1'));
  notebook.asked({ at: '', transactionIds: [] });
  notebook.forgetUpTo('2');

  const { sightings, questions, followers } = notebook.observed([], []);
  expect(sightings.map(({ witness, position }) => [witness, position])).toEqual([
    ['anna', '2'],
    ['ben', '1'],
  ]);
  expect(questions).toEqual([]);
  expect(followers.map(({ since }) => since)).toEqual(['2']);
});

it('knows of each job the newest that anybody saw', () => {
  const notebook = new Notebook([]);
  notebook.saw('anna', seen('a', '2', 'SUCCEEDED'));
  notebook.saw('ben', seen('a', '1'));
  notebook.saw('ben', seen('b', '3'));

  expect(notebook.activeAmong(['a', 'b', 'never seen'])).toBe(1);
});
