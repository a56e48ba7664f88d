import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

const mostDocuments = 500;
/** A document takes about a hundred times the memory of its text. */
const mostCharacters = 250_000;

/** Documents that were parsed and found valid; strangers can fill it, so it is bounded. */
export function documentCache(): LRUCache<string, DocumentNode> {
  return new LRUCache({
    max: mostDocuments,
    maxSize: mostCharacters,
    sizeCalculation: ({ loc }) => loc?.source.body.length ?? mostCharacters,
  });
}
