import { Counter, type Registry } from 'prom-client';
import type { TokenUsage } from './chat-model.js';
import { costOf, type TokenPrices } from './token-cost.js';

/**
 * What models have cost since this server was started, as far as they said so, for Prometheus.
 *
 * @returns to be told of each answer's tokens
 */
export function countModelCost(
  registry: Registry,
  prices: TokenPrices | undefined,
): (usage: TokenUsage) => void {
  const tokens = new Counter({
    name: 'actual_jobs_model_tokens_total',
    help: 'Tokens that the model says it has read (input) and written (output).',
    labelNames: ['direction'],
    registers: [registry],
  });
  for (const direction of ['input', 'output']) tokens.inc({ direction }, 0);
  const cost =
    prices &&
    new Counter({
      name: 'actual_jobs_model_cost_total',
      help: 'What these tokens cost, by OPENAI_INPUT_PRICE and OPENAI_OUTPUT_PRICE.',
      registers: [registry],
    });
  return (usage) => {
    tokens.inc({ direction: 'input' }, usage.inputTokens);
    tokens.inc({ direction: 'output' }, usage.outputTokens);
    if (prices) cost?.inc(costOf(usage, prices));
  };
}
