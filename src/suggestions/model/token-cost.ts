import type { TokenUsage } from './chat-model.js';

/** Of a million tokens, in any currency. */
export interface TokenPrices {
  readonly input: number;
  readonly output: number;
}

export function costOf({ inputTokens, outputTokens }: TokenUsage, prices: TokenPrices): number {
  return (inputTokens * prices.input + outputTokens * prices.output) / 1_000_000;
}
