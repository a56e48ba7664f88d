import { z } from 'zod';
import type { Reply } from './chat-model.js';
import { ModelFaultError } from './model-fault-error.js';
import { filtered, notAModelServer, refused } from './openai-fault.js';

/** No context is as long: who says that a question has cost more does not know. */
const mostTokens = 10_000_000;
const tokens = z.number().int().min(0).max(mostTokens);

/** What is needed of a chat completion. The client takes for one whatever is answered with 200. */
const completionSchema = z.object({
  choices: z.tuple(
    [
      z.object({
        finish_reason: z.string().nullish().catch(null),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish().catch(null) }),
      }),
    ],
    z.unknown(),
  ),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null),
});

/** @throws ModelFaultError */
export function replyOf(completion: unknown): Reply {
  const { data } = completionSchema.safeParse(completion);
  if (!data) throw new ModelFaultError(notAModelServer);
  const { choices, usage } = data;
  const [{ finish_reason: reason, message }] = choices;
  const reply = {
    text: message.content ?? '',
    isCutOff: reason === 'length',
    usage: usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : null,
  };
  if (reason === 'content_filter') throw new ModelFaultError(filtered, { answer: reply });
  if (message.refusal) throw new ModelFaultError(refused, { answer: reply });
  return reply;
}
