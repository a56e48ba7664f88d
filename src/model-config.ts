import { openAiDefaultModel, type ConfigValues } from './config-variables.js';
import { isLocal } from './local-address.js';

/** The model that is asked about what history does not answer surely. */
export interface ModelConfig {
  readonly name: string;
  /** Absent: OpenAI's own. */
  readonly baseUrl: string | undefined;
  /** Absent: a server on this machine or in the local network, which wants none. */
  readonly apiKey: string | undefined;
  /** Of one question. */
  readonly timeoutMs: number;
  readonly maxTokensPerJob: number;
  readonly maxTokensPerDay: number;
  /** Of a million tokens, in any currency. */
  readonly prices: { readonly input: number; readonly output: number } | undefined;
  readonly sendsNotes: boolean;
  readonly sendsAccountNames: boolean;
}

/** Undefined where no model is to be asked. */
export function modelConfigOf(
  values: ConfigValues,
  given: ReadonlySet<string>,
  problems: string[],
): ModelConfig | undefined {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: model } = values;
  if (apiKey === undefined && baseUrl === undefined) {
    if (given.has('OPENAI_MODEL') && !given.has('OPENAI_API_KEY') && !given.has('OPENAI_BASE_URL')) {
      problems.push(
        'OPENAI_MODEL needs OPENAI_API_KEY or OPENAI_BASE_URL as well: set one of them, or unset OPENAI_MODEL.',
      );
    }
    return undefined;
  }
  if (baseUrl !== undefined) {
    if (!given.has('OPENAI_MODEL')) {
      problems.push(
        'OPENAI_MODEL is required with OPENAI_BASE_URL: set it to a model that this server offers.',
      );
    }
    if (apiKey === undefined && !isLocal(new URL(baseUrl).hostname)) {
      problems.push(
        'OPENAI_API_KEY is required with OPENAI_BASE_URL unless that is an address on this machine or in the local network.',
      );
    }
  }
  const { OPENAI_INPUT_PRICE: input, OPENAI_OUTPUT_PRICE: output } = values;
  if (given.has('OPENAI_INPUT_PRICE') !== given.has('OPENAI_OUTPUT_PRICE')) {
    problems.push('OPENAI_INPUT_PRICE and OPENAI_OUTPUT_PRICE belong together: set both, or unset both.');
  }
  return {
    name: model ?? openAiDefaultModel,
    baseUrl,
    apiKey,
    timeoutMs: values.OPENAI_TIMEOUT_MS,
    maxTokensPerJob: values.OPENAI_MAX_TOKENS_PER_JOB,
    maxTokensPerDay: values.OPENAI_MAX_TOKENS_PER_DAY,
    prices: input === undefined || output === undefined ? undefined : { input, output },
    sendsNotes: values.OPENAI_SEND_NOTES,
    sendsAccountNames: values.OPENAI_SEND_ACCOUNT_NAMES,
  };
}
