import type { OpenRow } from './open-row.js';

/** So few that an answer comes within seconds and a lost one costs little. */
const mostRows = 20;
/** A text that seems to speak to the model, in the languages that models are mostly spoken to. */
const speaksToModel =
  /\b(ignore|disregard|forget|instructions?|prompts?|system|assistant|answer|reply|respond|ignorier\w*|antworte\w*|anweisung\w*|ignorez|instrucciones|ignora)\b|["{}[\]<>]/i;

/**
 * Divides rows among questions, in their order. What may be meant as an instruction is asked alone: whatever it does, it
 * does to itself.
 */
export function batchesOf(rows: readonly OpenRow[]): readonly (readonly OpenRow[])[] {
  const alone = rows.filter(speaks);
  const others = rows.filter((row) => !speaks(row));
  const batches = Array.from({ length: Math.ceil(others.length / mostRows) }, (_, n) =>
    others.slice(n * mostRows, (n + 1) * mostRows),
  );
  return [...batches, ...alone.map((row) => [row])];
}

function speaks({ transaction: { payee, importedPayee, notes } }: OpenRow): boolean {
  return [payee, importedPayee, notes].some((text) => text !== null && speaksToModel.test(text));
}
