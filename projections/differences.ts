import type { Projection } from './projection.js';
import type { ReadDatabase } from './read-database.js';

/** Rows of a table that are missing, wrong or too many. */
export interface Difference {
  readonly table: string;
  /** How many. */
  readonly rows: number;
  /** The keys of the first few, column by column. */
  readonly examples: readonly RowKey[];
}

type RowKey = Readonly<Record<string, string | number>>;

const mostExamples = 5;

/** Where the tables of projections differ from those in another file. */
export function differencesFrom(
  file: string,
  database: ReadDatabase,
  projections: readonly Projection[],
): readonly Difference[] {
  const tables = projections.flatMap((projection) => Object.keys(projection.tables));
  return database.withOther(file, () =>
    tables.map((table) => differenceIn(table, database)).filter(({ rows }) => rows > 0),
  );
}

function differenceIn(table: string, database: ReadDatabase): Difference {
  const columns = database.all<{ name: string; pk: number }>(
    "SELECT name, pk FROM pragma_table_info(?, 'main') ORDER BY pk",
    table,
  );
  const all = columns.map(({ name }) => name);
  const keys = columns.filter(({ pk }) => pk > 0).map(({ name }) => name);
  const of = (alias: string, names: readonly string[]) => names.map((name) => `${alias}.${name}`).join(', ');
  const join = (one: string, another: string) =>
    `${one}.${table} AS one LEFT JOIN ${another}.${table} AS another USING (${keys.join(', ')})`;
  // Row by row over the keys, so that nothing is held, however many rows there are.
  const differing = database.iterate<RowKey>(
    `SELECT ${of('one', keys)} FROM ${join('main', 'other')} WHERE (${of('one', all)}) IS NOT (${of('another', all)})
     UNION ALL SELECT ${of('one', keys)} FROM ${join('other', 'main')} WHERE another.${keys[0]} IS NULL`,
  );
  const examples: RowKey[] = [];
  let rows = 0;
  for (const key of differing) {
    rows += 1;
    if (examples.length < mostExamples) examples.push(key);
  }
  return { table, rows, examples };
}
