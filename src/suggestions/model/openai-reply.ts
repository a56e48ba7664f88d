import { z } from 'zod';
import type { Reply } from './chat-model.js';
import { ModelFaultError } from './model-fault-error.js';
import { filtered, notAModelServer, refused, reportedFaultOf, serverError } from './openai-fault.js';

/** No context is as long: who says that a question has cost more does not know. */
const mostTokens = 10_000_000;
const tokens = z.number().int().min(0).max(mostTokens);

/** An error that a gateway such as OpenRouter reports with status 200, since its answer had begun when it occurred. */
const reportedErrorSchema = z.object({
  code: z.union([z.number(), z.string()]),
  message: z.string().catch(''),
});

/** Some answer in parts, of which thoughts are no text. */
const contentSchema = z.union([
  z.string().nullish(),
  z
    .array(z.looseObject({ text: z.string().catch('') }))
    .transform((parts) => parts.map(({ text }) => text).join('')),
]);

const choiceSchema = z.object({
  finish_reason: z.string().nullish().catch(null),
  message: z.object({ content: contentSchema, refusal: z.string().nullish().catch(null) }),
});

/** What is needed of a chat completion. The client takes for one whatever is answered with 200. */
const completionSchema = z.object({
  choices: z.union([z.tuple([choiceSchema], z.unknown()), z.tuple([])]),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null),
});

/** Where such an error stands: in place of the choices, or in the first of them. */
const withErrorSchema = z.union([
  z.object({ error: reportedErrorSchema }).transform(({ error }) => error),
  z
    .object({ choices: z.tuple([z.object({ error: reportedErrorSchema })], z.unknown()) })
    .transform(({ choices: [{ error }] }) => error),
]);

/**
 * @param model as it is called to the user
 * @throws ModelFaultError
 */
export function replyOf(answer: unknown, model: string): Reply {
  const completion = typeof answer === 'string' ? jsonOf(answer) : answer;
  const reported = withErrorSchema.safeParse(completion).data;
  if (reported) throw reportedFaultOf(reported, model);
  const { data } = completionSchema.safeParse(completion);
  if (!data) throw new ModelFaultError(notAModelServer);
  const { choices, usage } = data;
  const [choice] = choices;
  const reply = {
    // Without a choice nothing was answered.
    text: choice?.message.content ?? '',
    isCutOff: choice?.finish_reason === 'length',
    usage: usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : null,
  };
  if (choice?.finish_reason === 'content_filter') throw new ModelFaultError(filtered, { answer: reply });
  if (choice?.finish_reason === 'error') throw new ModelFaultError(serverError, { answer: reply });
  if (choice?.message.refusal) throw new ModelFaultError(refused, { answer: reply });
  return reply;
}

/** Servers that do not say that they answer JSON are taken by the client to answer a text. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
