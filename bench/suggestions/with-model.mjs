import { setTimeout as pause } from 'node:timers/promises';
import { retryAt } from '../../dist/src/application/retry-policy.js';
import { decideReservation, emptyLedger, evolveLedger } from '../../dist/src/domain/token-ledger.js';
import { sure } from '../../dist/src/suggestions/confidence.js';
import { Examples } from '../../dist/src/suggestions/model/examples.js';
import { ModelFaultError } from '../../dist/src/suggestions/model/model-fault-error.js';
import { ModelSuggester } from '../../dist/src/suggestions/model/model-suggester.js';
import { OpenAiModel } from '../../dist/src/suggestions/model/openai-model.js';
import { Ours } from './methods.mjs';

/** For a whole run: somebody watches it, and nothing is lost by waiting. */
const patience = { maxAttempts: 5, baseMs: 1_000, maxMs: 60_000, maxRetryAfterMs: 600_000 };

/**
 * What the server does with a model that is configured (`OPENAI_…`): history answers what it is sure of, the model the
 * rest. The run is bounded by the cap of a day.
 */
export function methodWithModel(config) {
  const budget = new RunBudget(config.maxTokensPerDay);
  const suggester = new ModelSuggester({
    model: new OpenAiModel({ ...config, model: config.name, now }),
    budget,
    sharing: { notes: config.sendsNotes, accountNames: config.sendsAccountNames },
  });
  return {
    name: `ours with ${config.name}`,
    create: (categoryIds) => new OursWithModel(categoryIds, suggester),
    cost: () => budget.cost(),
  };
}

class OursWithModel {
  #ours;
  #examples = new Examples();
  #categories;
  #suggester;

  constructor(categoryIds, suggester) {
    this.#ours = new Ours(categoryIds);
    this.#categories = categoryIds.map((id) => ({ id, name: id, groupName: '' }));
    this.#suggester = suggester;
  }

  learn(day) {
    this.#ours.learn(day);
    for (const row of day) this.#examples.learn(row);
  }

  async predict(rows) {
    const guesses = this.#ours.predict(rows);
    const open = rows.flatMap((transaction, index) => {
      const guess = guesses[index];
      return guess && guess.confidence >= sure ? [] : [{ transaction, guess }];
    });
    const answers = await this.#answers(open);
    const asked = new Set(open.map(({ transaction }) => transaction));
    return rows.map((row, index) => (asked.has(row) ? (answers.get(row.id) ?? null) : guesses[index]));
  }

  /** By the row's id; none where the model knows none. */
  async #answers(open) {
    const answers = new Map();
    let left = open;
    for (let failedBefore = 0; left.length > 0; failedBefore++) {
      try {
        for await (const { suggestions, unanswered } of this.#suggester.suggest({
          ...{ jobId: 'bench', rows: left, categories: this.#categories, examples: this.#examples },
          signal: new AbortController().signal,
        })) {
          for (const suggestion of suggestions) answers.set(suggestion.transactionId, suggestion);
          const done = new Set([...suggestions.map(({ transactionId }) => transactionId), ...unanswered]);
          left = left.filter(({ transaction }) => !done.has(transaction.id));
        }
      } catch (error) {
        await untilRetried(error, failedBefore);
      }
    }
    return answers;
  }
}

/** @throws the error itself where it is not tried again */
async function untilRetried(error, failedBefore) {
  if (!(error instanceof ModelFaultError)) throw error;
  const { failure, retryAfterMs } = error;
  const attempt = { failure, failedBefore, retryAfterMs, now: now(), random: Math.random() };
  const at = retryAt(patience, attempt);
  if (at === null) throw error;
  await pause(Date.parse(at) - Date.now());
}

/** The server's own rules, in memory. */
class RunBudget {
  #caps;
  #ledger = emptyLedger;
  #questions = 0;
  #tokens = 0;

  constructor(perDay) {
    // The whole run is no job: it has the tokens of a day.
    this.#caps = { perJob: Infinity, perDay };
  }

  async reserve(jobId, tokens) {
    const id = String(this.#questions);
    const decision = decideReservation(this.#ledger, { at: now(), id, jobId, tokens, caps: this.#caps });
    if (decision.outcome !== 'RESERVED') return decision;
    this.#ledger = evolveLedger(this.#ledger, decision.events);
    this.#questions += 1;
    return { outcome: 'RESERVED', id };
  }

  async settle(id, tokens) {
    this.#tokens += tokens;
    this.#ledger = evolveLedger(this.#ledger, [{ type: 'TokensSettled', v: 1, at: now(), id, tokens }]);
  }

  leave() {
    // Counts as it was reserved.
  }

  cost() {
    return { questions: this.#questions, tokens: this.#tokens };
  }
}

function now() {
  return new Date().toISOString();
}
