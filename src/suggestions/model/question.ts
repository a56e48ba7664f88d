import { shownText } from '../shown-text.js';
import type { Category } from '../suggester.js';
import { answerSchemaFor } from './answer-schema.js';
import type { Question } from './chat-model.js';
import type { Examples } from './examples.js';
import { instructions } from './instructions.js';
import { modelRowOf, type Sharing } from './model-row.js';
import type { OpenRow } from './open-row.js';
import { readAnswers } from './read-answers.js';
import { mostAnswerTokens, mostTokensOf } from './token-estimate.js';

const maxGroupLength = 80;

export interface QuestionOptions {
  /** The categories that may be answered, by label. */
  readonly labels: ReadonlyMap<string, Category>;
  readonly examples: Examples;
  readonly sharing: Sharing;
  readonly signal: AbortSignal;
}

/** Rows are numbered from 1, in their order. */
export function questionAbout(
  rows: readonly OpenRow[],
  { labels, examples, sharing, signal }: QuestionOptions,
): Question {
  const numbers = rows.map((_, index) => index + 1);
  return {
    instructions,
    content: contentOf(rows, labels, examples, sharing),
    answerSchema: answerSchemaFor(labels.keys(), numbers),
    isAnswer: (text) => readAnswers(text, numbers, labels).size > 0,
    maxOutputTokens: mostAnswerTokens(rows.length),
    signal,
  };
}

/** As many tokens as the question and its answer cost at most. */
export function mostCostOf({ instructions: text, content, answerSchema, maxOutputTokens }: Question): number {
  return mostTokensOf(text, content, JSON.stringify(answerSchema)) + maxOutputTokens;
}

function contentOf(
  rows: readonly OpenRow[],
  labels: ReadonlyMap<string, Category>,
  examples: Examples,
  sharing: Sharing,
): string {
  const labelOf = new Map([...labels].map(([label, { id }]) => [id, label]));
  const categories = [...labels].map(([name, { groupName }]) => ({
    name,
    group: shownText(groupName, maxGroupLength),
  }));
  const asked = rows.map(({ transaction, guess }, index) => {
    const category = guess ? labelOf.get(guess.categoryId) : undefined;
    const confidence = Number((guess?.confidence ?? 0).toFixed(2));
    return modelRowOf(
      transaction,
      index + 1,
      sharing,
      category === undefined ? undefined : { category, confidence },
    );
  });
  const nearest = examples.nearest(
    rows.map(({ transaction }) => transaction),
    labelOf,
  );
  return JSON.stringify({ categories, examples: nearest, rows: asked });
}
