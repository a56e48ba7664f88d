import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';

type Variables = Record<string, unknown>;

/** An error of the API, as a client sees it. */
export class ApiError extends Error {
  constructor(
    readonly code: unknown,
    message: string,
    readonly extensions: Readonly<Record<string, unknown>>,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

interface ErrorData {
  readonly message: string;
  readonly extensions?: Record<string, unknown>;
}

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly ErrorData[];
}

/** Talks to a server as any client would: HTTP for queries and mutations, a WebSocket for subscriptions. */
export class ApiClient {
  readonly #url: string;
  readonly #credentials: Record<string, string>;
  readonly #sockets: Client;
  #socket: WebSocket | undefined;

  constructor(url: string, { token }: { readonly token?: string } = {}) {
    this.#url = url;
    this.#credentials = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#sockets = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: this.#credentials,
      on: { connected: (socket) => (this.#socket = socket as WebSocket) },
    });
  }

  /** @throws ApiError */
  async request<T>(query: string, variables: Variables = {}): Promise<T> {
    const response = await fetch(`${this.#url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#credentials },
      body: JSON.stringify({ query, variables }),
    });
    return dataOf((await response.json()) as Answer<T>);
  }

  /** Yields what arrives; ends with the connection. @throws ApiError */
  async *subscribe<T>(query: string, variables: Variables = {}): AsyncGenerator<T, void, undefined> {
    try {
      for await (const answer of this.#sockets.iterate<T>({ query, variables })) {
        yield dataOf(answer as Answer<T>);
      }
    } catch (error) {
      // What is wrong with the request as a whole comes as a message of its own, which the library throws.
      if (Array.isArray(error)) throw apiErrorOf(error as readonly ErrorData[]);
      throw error;
    }
  }

  /** Breaks the WebSocket off, without a word to the other side. */
  cut(): void {
    this.#socket?.terminate();
  }

  async close(): Promise<void> {
    await this.#sockets.dispose();
  }
}

function dataOf<T>({ data, errors }: Answer<T>): T {
  if (errors?.length) throw apiErrorOf(errors);
  if (!data) throw new Error('The answer has neither data nor errors');
  return data;
}

function apiErrorOf([error]: readonly ErrorData[]): ApiError {
  return new ApiError(error?.extensions?.code, error?.message ?? '', error?.extensions ?? {});
}
