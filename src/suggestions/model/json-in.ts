const fence = '```';
const endOfThoughts = '</think>';

/**
 * What may be the JSON in what a model wrote, likeliest first: the whole text, what comes after its thoughts, what stands in
 * a block of code, and what stands between sentences. Each attempt looks at the text once, however long it is.
 */
export function* jsonIn(text: string): Generator {
  for (const part of partsOf(text.slice(endOfThoughtsIn(text)))) {
    try {
      yield JSON.parse(part);
    } catch {
      // It may stand elsewhere.
    }
  }
}

/** Models that think aloud do so first. */
function endOfThoughtsIn(text: string): number {
  const at = text.lastIndexOf(endOfThoughts);
  return at === -1 ? 0 : at + endOfThoughts.length;
}

function* partsOf(text: string): Generator<string> {
  yield text;
  const [, inFence] = text.split(fence, 2);
  if (inFence !== undefined) yield inFence.replace(/^json/i, '');
  yield* between(text, '{', '}');
  yield* between(text, '[', ']');
}

function* between(text: string, first: string, last: string): Generator<string> {
  const start = text.indexOf(first);
  const end = text.lastIndexOf(last);
  if (start !== -1 && end > start) yield text.slice(start, end + 1);
}
