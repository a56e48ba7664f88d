import OpenAI, { BadRequestError, UnprocessableEntityError } from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import { failure } from '../../domain/failure.js';
import { boundedFetch } from './bounded-fetch.js';
import type { ChatModel, Question, Reply } from './chat-model.js';
import { ModelFaultError } from './model-fault-error.js';
import { modelFaultOf } from './openai-fault.js';
import { replyOf } from './openai-reply.js';

export interface OpenAiModelOptions {
  readonly model: string;
  /** Ends in /v1 as a rule; absent: OpenAI's. */
  readonly baseUrl: string | undefined;
  /** Absent: the server wants none. */
  readonly apiKey: string | undefined;
  /** Of one request. */
  readonly timeoutMs: number;
  readonly now: () => string;
}

const openAiUrl = 'https://api.openai.com/v1';

/** What a server may not know; found out once, then left out. */
interface Dialect {
  /** How answers are asked for; whoever knows no structured outputs may know how to answer in JSON, or neither. */
  format: 'SCHEMA' | 'JSON' | 'TEXT';
  /** The schema is said in words, too: it was not heeded otherwise. */
  inWords: boolean;
  /** The name under which OpenAI bounds an answer; the others still know the older one. */
  completionTokens: boolean;
}

/** Older versions of vLLM have what is wrong at the top of the answer, where others have it under `error`. */
class LenientOpenAi extends OpenAI {
  protected override makeStatusError(...[status, body, ...rest]: Parameters<OpenAI['makeStatusError']>) {
    const isBare = (body as { object?: unknown } | undefined)?.object === 'error';
    return super.makeStatusError(status, isBare ? { error: body } : body, ...rest);
  }
}

/** A model behind the API of OpenAI, or behind one that is like it. Repeats nothing by itself. */
export class OpenAiModel implements ChatModel {
  readonly #options: OpenAiModelOptions;
  readonly #client: OpenAI;
  readonly #isOpenAi: boolean;
  readonly #dialect: Dialect;

  constructor(options: OpenAiModelOptions) {
    this.#options = options;
    const { baseUrl = openAiUrl, apiKey = 'none', timeoutMs } = options;
    this.#client = new LenientOpenAi({
      apiKey,
      baseURL: baseUrl,
      // Of the environment nothing is taken that was not configured here.
      ...{ organization: null, project: null },
      timeout: timeoutMs,
      maxRetries: 0,
      fetch: boundedFetch,
      // It would write prompts.
      logLevel: 'off',
    });
    this.#isOpenAi = new URL(baseUrl).hostname === 'api.openai.com';
    this.#dialect = { format: 'SCHEMA', inWords: false, completionTokens: this.#isOpenAi };
  }

  get name(): string {
    return this.#options.model;
  }

  async ask(question: Question): Promise<Reply> {
    for (;;) {
      const asked = { ...this.#dialect };
      try {
        const reply = replyOf(await this.#create(question, asked), this.name);
        // Some take the schema and do not heed it: who asks again then says it in words.
        if (!reply.isCutOff && !question.isAnswer(reply.text)) this.#dialect.inWords = true;
        return reply;
      } catch (error) {
        if (this.#learn(error, asked)) continue;
        question.signal.throwIfAborted();
        throw error instanceof ModelFaultError
          ? error
          : (modelFaultOf(error, this.name, this.#options.now()) ?? error);
      }
    }
  }

  async #create(question: Question, dialect: Dialect): Promise<unknown> {
    const overdue = AbortSignal.timeout(this.#options.timeoutMs);
    const signal = AbortSignal.any([question.signal, overdue]);
    try {
      return await this.#client.chat.completions.create(this.#paramsOf(question, dialect), { signal });
    } catch (error) {
      // The client has a time for the beginning of an answer alone.
      const isOverdue = overdue.aborted && !question.signal.aborted;
      throw isOverdue ? new ModelFaultError(failure('MODEL_TIMEOUT'), { mayHaveCost: true }) : error;
    }
  }

  #paramsOf(question: Question, dialect: Dialect): ChatCompletionCreateParamsNonStreaming {
    const { instructions, content, answerSchema, maxOutputTokens } = question;
    const inWords = `${instructions}\n\nAnswer with JSON alone, that keeps to this JSON schema:\n${JSON.stringify(answerSchema)}`;
    return {
      model: this.name,
      messages: [
        { role: 'system', content: dialect.inWords ? inWords : instructions },
        { role: 'user', content },
      ],
      ...formatOf(dialect, answerSchema),
      ...(dialect.completionTokens
        ? { max_completion_tokens: maxOutputTokens }
        : // Other servers know no other name.
          { ['max_tokens' as string]: maxOutputTokens }),
    };
  }

  /** Whether something was found out about the server, so that the same question may go through now. */
  #learn(error: unknown, asked: Dialect): boolean {
    if (!(error instanceof BadRequestError) && !(error instanceof UnprocessableEntityError)) return false;
    const about = `${error.param ?? ''} ${error.message}`;
    if (asked.format !== 'TEXT' && /response_format|json_schema|structured output/i.test(about)) {
      this.#dialect.format = asked.format === 'SCHEMA' ? 'JSON' : 'TEXT';
      this.#dialect.inWords = true;
      return true;
    }
    if (/max_(completion_)?tokens/.test(about) && asked.completionTokens === this.#isOpenAi) {
      this.#dialect.completionTokens = !this.#isOpenAi;
      return true;
    }
    return false;
  }
}

function formatOf(
  { format }: Dialect,
  answerSchema: Question['answerSchema'],
): Pick<ChatCompletionCreateParamsNonStreaming, 'response_format'> {
  switch (format) {
    case 'SCHEMA': {
      const schema = { name: 'answers', strict: true, schema: { ...answerSchema } };
      return { response_format: { type: 'json_schema', json_schema: schema } };
    }
    case 'JSON':
      return { response_format: { type: 'json_object' } };
    case 'TEXT':
      return {};
  }
}
