/** Of the frame around messages, and of whatever a server adds to them. */
const frameTokens = 200;
/** A row of an answer in JSON, with a category's name and a sentence. */
const tokensPerAnswer = 120;
/** What a model may think before it answers. */
const thinkingTokens = 2_000;

/**
 * At least as many tokens as these texts can be, whatever model reads them: tokenizers that start from bytes make no
 * more tokens than there are bytes. Three to four times too many for plain English.
 */
export function mostTokensOf(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), frameTokens);
}

/** How long an answer may become; the model's server is told, and cuts it there. */
export function mostAnswerTokens(rows: number): number {
  return thinkingTokens + rows * tokensPerAnswer;
}
