/** A language model that answers one question in JSON. Adapter: `openai-model.ts`. */
export interface ChatModel {
  /** As the server of the model calls it. */
  readonly name: string;

  /** @throws ModelFaultError; the signal's reason */
  ask(question: Question): Promise<Reply>;
}

export interface Question {
  /** What is to be done, the same for all questions of a kind. */
  readonly instructions: string;
  /** What it is to be done with; never to be taken for instructions. */
  readonly content: string;
  /** A JSON schema of the answer, in the subset that structured outputs know. */
  readonly answerSchema: Readonly<Record<string, unknown>>;
  /** Whether any of a text is of use: nothing is where a server does not heed the schema and nobody has said it in words. */
  readonly isAnswer: (text: string) => boolean;
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly text: string;
  /** The answer was cut off by its length. */
  readonly isCutOff: boolean;
  /** Null where the server does not tell. */
  readonly usage: TokenUsage | null;
}

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}
