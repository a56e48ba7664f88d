import { failure } from '../../domain/failure.js';
import type { Suggestion } from '../../domain/step-outcome.js';
import { shownText } from '../shown-text.js';
import type { Category, SuggestedBatch, Transaction } from '../suggester.js';
import { labelCategories } from './category-labels.js';
import type { ChatModel, Question, Reply, TokenUsage } from './chat-model.js';
import type { Examples } from './examples.js';
import { batchesOf } from './model-batches.js';
import { ModelFaultError } from './model-fault-error.js';
import type { Sharing } from './model-row.js';
import type { OpenRow } from './open-row.js';
import { mostCostOf, questionAbout } from './question.js';
import { readAnswers, type RowAnswer } from './read-answers.js';
import type { NotReserved, TokenBudget } from './token-budget.js';

export interface ModelRequest {
  readonly jobId: string;
  readonly rows: readonly OpenRow[];
  readonly categories: readonly Category[];
  readonly examples: Examples;
  readonly signal: AbortSignal;
}

export interface ModelSuggesterOptions {
  readonly model: ChatModel;
  readonly budget: TokenBudget;
  readonly sharing: Sharing;
  /** Told of what each answer has cost, as far as the model says so. */
  readonly onCost?: (usage: TokenUsage) => void;
}

/** So many questions wait for an answer at the same time. */
const slots = 3;
/** After so many answers about one row alone that were cut off, smaller parts are no help. */
const mostCutOffAlone = 2;
/** A model does not know how often it is right: only the household's own history makes an answer sure. */
const mostConfidence = 0.94;
const maxReasonLength = 200;

/** What is left to be asked, and what asking before it has cost. */
interface Batch {
  readonly rows: readonly OpenRow[];
  readonly spent: TokenUsage;
  /** They were asked about before, and answered with what cannot be used: they are not asked about a third time. */
  readonly isSecond: boolean;
}

/** What was found out while a request was worked on. */
interface Experience {
  /** So many answers about one row alone were cut off. */
  cutOffAlone: number;
}

interface Outcome {
  readonly answered: SuggestedBatch | null;
  /** Has to be asked anew: in smaller parts, or once more. */
  readonly rest: readonly Batch[];
  /** Why the rest was not answered. */
  readonly fault?: unknown;
}

const nothing: TokenUsage = { inputTokens: 0, outputTokens: 0 };

/** Asks a model about transactions, some at a time. What it answers is one of the categories that exist, or none. */
export class ModelSuggester {
  readonly #options: ModelSuggesterOptions;

  constructor(options: ModelSuggesterOptions) {
    this.#options = options;
  }

  /**
   * Each answered batch is taken before the next one is asked for in its place. Where a question fails, no further one is
   * asked, and what is being answered already is still delivered.
   *
   * @throws ModelFaultError; the signal's reason
   */
  async *suggest(request: ModelRequest): AsyncGenerator<SuggestedBatch, void> {
    const queue: Batch[] = batchesOf(request.rows).map((rows) => ({
      ...{ rows, spent: nothing, isSecond: false },
    }));
    const asked = new Map<Batch, Promise<{ readonly batch: Batch; readonly outcome: Outcome }>>();
    const faults: unknown[] = [];
    const experience: Experience = { cutOffAlone: 0 };
    while (asked.size > 0 || (queue.length > 0 && faults.length === 0)) {
      while (asked.size < slots && faults.length === 0) {
        const batch = queue.shift();
        if (!batch) break;
        const asking: Promise<Outcome> = this.#answer(batch, request, experience).catch((fault: unknown) => ({
          answered: null,
          rest: [],
          fault,
        }));
        asked.set(
          batch,
          asking.then((outcome) => ({ batch, outcome })),
        );
      }
      const { batch, outcome } = await Promise.race(asked.values());
      asked.delete(batch);
      queue.unshift(...outcome.rest);
      if (outcome.fault !== undefined) faults.push(outcome.fault);
      if (outcome.answered) yield outcome.answered;
    }
    request.signal.throwIfAborted();
    if (faults.length > 0) throw faults[0];
  }

  async #answer(
    { rows, spent, isSecond }: Batch,
    request: ModelRequest,
    experience: Experience,
  ): Promise<Outcome> {
    const reply = await this.#ask(rows, request);
    const cost = plus(spent, reply.usage);
    if (reply.isCutOff && rows.length === 1) experience.cutOffAlone += 1;
    if (reply.isCutOff && rows.length > 1 && experience.cutOffAlone < mostCutOffAlone) {
      const half = Math.ceil(rows.length / 2);
      return {
        answered: null,
        rest: [
          { rows: rows.slice(0, half), spent: cost, isSecond },
          { rows: rows.slice(half), spent: nothing, isSecond },
        ],
      };
    }
    const { answers } = reply;
    const missing = rows.filter((row) => !answers.has(row));
    // It would be cut off again.
    if (missing.length === 0 || isSecond || reply.isCutOff)
      return { answered: this.#batchOf(rows, answers, cost), rest: [] };
    if (missing.length === rows.length)
      return { answered: null, rest: [{ rows, spent: cost, isSecond: true }] };
    // What was answered is paid for: it is taken before anything else is asked.
    const answered = rows.filter((row) => answers.has(row));
    return {
      answered: this.#batchOf(answered, answers, cost),
      rest: [{ rows: missing, spent: nothing, isSecond: true }],
    };
  }

  async #ask(
    rows: readonly OpenRow[],
    { jobId, categories, examples, signal }: ModelRequest,
  ): Promise<{ answers: ReadonlyMap<OpenRow, RowAnswer>; isCutOff: boolean; usage: TokenUsage }> {
    const labels = labelCategories(categories);
    const question = questionAbout(rows, { labels, examples, sharing: this.#options.sharing, signal });
    const reply = await this.#paid(jobId, question);
    const numbers = rows.map((_, index) => index + 1);
    const byNumber = readAnswers(reply.text, numbers, labels);
    const answers = new Map<OpenRow, RowAnswer>();
    for (const [index, row] of rows.entries()) {
      const answer = byNumber.get(index + 1);
      if (answer) answers.set(row, answer);
    }
    return { answers, isCutOff: reply.isCutOff, usage: reply.usage ?? nothing };
  }

  /** @throws ModelFaultError the cap is reached, or what the model did instead of answering */
  async #paid(jobId: string, question: Question): Promise<Reply> {
    const { model, budget, onCost } = this.#options;
    const { signal } = question;
    const reserving = await budget.reserve(jobId, mostCostOf(question), signal);
    if (reserving.outcome !== 'RESERVED') throw new ModelFaultError(notReserved(reserving));
    const settle = async (usage: TokenUsage | null) => {
      if (!usage) {
        budget.leave(reserving.id);
        return;
      }
      onCost?.(usage);
      await budget.settle(reserving.id, usage.inputTokens + usage.outputTokens, signal);
    };
    try {
      const reply = await model.ask(question);
      await settle(reply.usage);
      return reply;
    } catch (error) {
      if (error instanceof ModelFaultError && error.answer) await settle(error.answer.usage);
      else if (error instanceof ModelFaultError && !error.mayHaveCost) await settle(nothing);
      else await settle(null);
      throw error;
    }
  }

  #batchOf(
    rows: readonly OpenRow[],
    answers: ReadonlyMap<OpenRow, RowAnswer>,
    { inputTokens, outputTokens }: TokenUsage,
  ): SuggestedBatch {
    const suggestions = rows.flatMap((row) => {
      const answer = answers.get(row);
      return answer?.category ? [suggestionOf(row.transaction, answer.category, answer)] : [];
    });
    const suggested = new Set(suggestions.map(({ transactionId }) => transactionId));
    const unanswered = rows.map(({ transaction }) => transaction.id).filter((id) => !suggested.has(id));
    const unusable = rows.filter((row) => !answers.has(row)).length;
    return { suggestions, unanswered, unusable, model: this.#options.model.name, inputTokens, outputTokens };
  }
}

function suggestionOf(
  { id, date, amount, payee }: Transaction,
  category: Category,
  { confidence, reason }: RowAnswer,
): Suggestion {
  return {
    transactionId: id,
    date,
    payee: payee === null ? null : shownText(payee, 200),
    amount,
    categoryId: category.id,
    categoryName: shownText(category.name, 200),
    source: 'MODEL',
    confidence: Math.min(mostConfidence, confidence),
    rationale: rationaleOf(reason),
  };
}

function rationaleOf(reason: string): string {
  const shown = shownText(reason, maxReasonLength);
  return shown === '' ? 'The model gave no reason.' : `The model says: ${shown}`;
}

function plus(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  };
}

function notReserved(refusal: NotReserved) {
  switch (refusal.outcome) {
    case 'UNREADABLE':
      return failure('MODEL_CAP_REACHED', {
        message: 'No model is asked, because what models have cost so far cannot be read.',
        action: refusal.reason,
      });
    case 'JOB_CAP_REACHED':
      return failure('MODEL_CAP_REACHED', {
        message: 'This job has used as many tokens of the model as one job may.',
        action:
          'Retry: what is answered stays, and the rest is asked by a new job. Or raise OPENAI_MAX_TOKENS_PER_JOB.',
      });
    case 'DAY_CAP_REACHED':
      return failure('MODEL_CAP_REACHED', {
        message: 'As many tokens of the model were used today as may be used in a day.',
        action: `Retry after ${refusal.resumesAt.slice(0, 10)} 00:00 UTC, or raise OPENAI_MAX_TOKENS_PER_DAY.`,
      });
    case 'CAP_TOO_SMALL': {
      const { tokens } = refusal;
      const [whole, variable] =
        refusal.cap === 'JOB'
          ? ['a whole job', 'OPENAI_MAX_TOKENS_PER_JOB']
          : ['a whole day', 'OPENAI_MAX_TOKENS_PER_DAY'];
      return failure('MODEL_CAP_REACHED', {
        message: `One question to the model may use ${tokens} tokens, more than ${whole} may.`,
        action: `Raise ${variable} to ${tokens} or more, then retry.`,
      });
    }
    default:
      return refusal satisfies never;
  }
}
