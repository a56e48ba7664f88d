import {
  createSourceEventStream,
  execute,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';

type Result = ExecutionResult | Promise<ExecutionResult>;

/** By operation and variables, as text. */
type Results = Map<string, Result>;

/**
 * `subscribe` of graphql-js, but for this: what several subscribers ask alike about one and the same payload is found out
 * once. Payloads must be objects that are handed to those subscribers alone who may see the same of them.
 */
export class SharedExecution {
  /** By payload and by document; what was found out goes with the payload. */
  readonly #results = new WeakMap<object, WeakMap<DocumentNode, Results>>();

  readonly subscribe = async (
    args: ExecutionArgs,
  ): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>> => {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    const question = JSON.stringify([args.operationName, args.variableValues]);
    return mapped(source, (payload) => this.#execute({ ...args, rootValue: payload }, question));
  };

  #execute(args: ExecutionArgs, question: string): Result {
    const results = this.#resultsOf(args.rootValue as object, args.document);
    const known = results.get(question);
    if (known !== undefined) return known;
    const result = execute(args);
    results.set(question, result);
    return result;
  }

  #resultsOf(payload: object, document: DocumentNode): Results {
    const byDocument = this.#results.get(payload) ?? new WeakMap<DocumentNode, Results>();
    this.#results.set(payload, byDocument);
    const results = byDocument.get(document) ?? new Map<string, Result>();
    byDocument.set(document, results);
    return results;
  }
}

/** Written by hand rather than as an `async function*`: one of those that waits for what never comes can't be ended from outside. */
function mapped<Source, Target>(
  source: AsyncIterable<Source>,
  map: (value: Source) => Target | Promise<Target>,
): AsyncGenerator<Target, void, void> {
  const iterator = source[Symbol.asyncIterator]();
  const ended = { done: true, value: undefined } as const;
  const end = async () => {
    await iterator.return?.();
    return ended;
  };
  const generator: AsyncGenerator<Target, void, void> = {
    next: async () => {
      const result = await iterator.next();
      return result.done === true ? ended : { done: false, value: await map(result.value) };
    },
    return: end,
    throw: async (error) => {
      await end();
      throw error;
    },
    [Symbol.asyncIterator]: () => generator,
  };
  return generator;
}
