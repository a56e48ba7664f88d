import type { ApolloServerPlugin } from '@apollo/server';

/** Of requests that GraphQL itself found fault with. */
const requestFaults: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'QUERY_TOO_COMPLEX',
]);

/**
 * Who does not ask for `application/graphql-response+json` may not tell a server that answers GraphQL from a proxy that
 * does not, so the GraphQL-over-HTTP specification has such a request answered with 200 whatever was wrong with it.
 */
export const statusForJson: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ request, response, errors }) => {
        const accepts = request.http?.headers.get('accept') ?? '';
        const isFault = errors?.every(({ extensions }) => requestFaults.has(extensions.code)) ?? false;
        if (
          response.http.status === 400 &&
          isFault &&
          !accepts.includes('application/graphql-response+json')
        ) {
          response.http.status = 200;
        }
        return Promise.resolve();
      },
    }),
};
