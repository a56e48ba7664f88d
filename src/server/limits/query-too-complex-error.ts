import { GraphQLError, type ASTNode } from 'graphql';

type QueryLimit = 'DEPTH' | 'ALIASES' | 'COMPLEXITY';

/** A request asks for more than one may. The message says to the user what of it, and how much there may be. */
export class QueryTooComplexError extends GraphQLError {
  constructor(
    readonly limit: QueryLimit,
    message: string,
    node?: ASTNode,
  ) {
    super(message, {
      ...(node && { nodes: [node] }),
      extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } },
    });
    this.name = 'QueryTooComplexError';
  }
}

/** graphql-js has a sentence for it, and no code. */
export function isAboutTokens(message: string): boolean {
  return /Document contains more tha[nt] \d+ tokens/.test(message);
}
