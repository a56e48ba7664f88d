/** More than any answer to a question has: a whole batch with sentences and what a model thought before takes a tenth of it. */
const mostBytes = 4 * 1024 * 1024;

/** An answer went on beyond what anybody here would read. */
export class AnswerTooLongError extends Error {
  readonly code = 'ANSWER_TOO_LONG';

  constructor() {
    super(`An answer has more than ${mostBytes} bytes`);
    this.name = 'AnswerTooLongError';
  }
}

/** `fetch`, whose answers have a bounded size: who promises to keep to a bound need not. Reading more throws AnswerTooLongError. */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (!response.body) return response;
  let bytes = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > mostBytes) controller.error(new AnswerTooLongError());
        else controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(counted, { status, statusText, headers });
};
