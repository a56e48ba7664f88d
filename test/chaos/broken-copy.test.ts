import { expect, it } from 'vitest';
import { withBug } from './broken-copy.js';
import { bugs } from './bugs.js';

it.each(bugs.map((bug) => [bug.name, bug] as const))('can be built in: %s', (_name, bug) => {
  expect(withBug(bug)).toContain(bug.replace);
});

it('is refused where what is to be replaced is not there', () => {
  const gone = { name: 'gone', file: 'src/main.js', find: 'never written', replace: '', caught: /./ };
  expect(() => withBug(gone)).toThrow('gone: src/main.js holds what is to be replaced 0 times, not once');
});
