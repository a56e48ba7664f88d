import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { documentCache } from './document-cache.js';
import type { QueryLimits } from './limits/limits.js';
import { queryLimitRule } from './limits/query-limit-rule.js';

export interface DocumentOptions {
  readonly limits: QueryLimits;
  /** Whether the schema may be asked for. */
  readonly introspection: boolean;
}

/** What a document is held to besides the rules of GraphQL, over HTTP and WebSockets alike. */
export function rulesOf({ limits, introspection }: DocumentOptions): readonly ValidationRule[] {
  return [queryLimitRule(limits), ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
}

/** Reads requests that come over WebSockets; those that come again are known already. */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #options: DocumentOptions;
  readonly #rules: readonly ValidationRule[];
  readonly #known = documentCache();

  constructor(schema: GraphQLSchema, options: DocumentOptions) {
    this.#schema = schema;
    this.#options = options;
    this.#rules = [...specifiedRules, ...rulesOf(options)];
  }

  /** The valid document, or what is wrong with it. */
  read(query: string): DocumentNode | readonly GraphQLError[] {
    const read = this.#known.get(query) ?? this.#parsed(query);
    if ('kind' in read) this.#known.set(query, read);
    return read;
  }

  #parsed(query: string): DocumentNode | readonly GraphQLError[] {
    try {
      const document = parse(query, { maxLexicalTokens: this.#options.limits.tokens });
      const errors = validate(this.#schema, document, this.#rules);
      return errors.length > 0 ? errors : document;
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      // The stack was full: see `formatError`.
      if (error instanceof RangeError) return [new GraphQLError(error.message)];
      throw error;
    }
  }
}
