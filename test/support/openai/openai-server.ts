import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What was asked, as the client sent it. */
export interface AskedQuestion {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: {
    readonly type: string;
    readonly json_schema?: { readonly strict: boolean; readonly schema: unknown };
  };
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly authorization: string | undefined;
}

export interface AskedRow {
  readonly row: number;
  readonly payee: string;
  readonly amount: string;
  readonly notes?: string;
  readonly account?: string;
  readonly guess?: { readonly category: string; readonly confidence: number };
}

/** What the model was told about the transactions. */
export interface AskedContent {
  readonly categories: readonly { readonly name: string }[];
  readonly examples: readonly { readonly payee: string; readonly category: string; readonly share: string }[];
  readonly rows: readonly AskedRow[];
}

export function contentOf({ messages }: AskedQuestion): AskedContent {
  return JSON.parse(messages.find(({ role }) => role === 'user')?.content ?? '') as AskedContent;
}

/** How one request is answered. */
export type Course = (response: ServerResponse, question: AskedQuestion) => void | Promise<void>;

export const usage = { prompt_tokens: 900, completion_tokens: 100, total_tokens: 1_000 };

interface AnswerOptions {
  readonly finish?: string;
  /** Null: nobody says what it cost. */
  readonly cost?: object | null;
  readonly refusal?: string | null;
}

/** An answer with this text, as chat completions have it. */
export function answering(
  text: string,
  { finish = 'stop', cost = usage, refusal = null }: AnswerOptions = {},
): Course {
  return (response, { model }) =>
    send(response, 200, {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_764_000_000,
      model,
      choices: [
        {
          index: 0,
          finish_reason: finish,
          message: { role: 'assistant', content: text, refusal },
          logprobs: null,
        },
      ],
      ...(cost && { usage: cost }),
    });
}

/** For each row what `answer` says; undefined: the row is left out. */
export function answeringRows(
  answer: (row: AskedRow, content: AskedContent) => string | undefined,
  options: AnswerOptions = {},
): Course {
  return (response, question) => {
    const content = contentOf(question);
    const answers = content.rows.flatMap((row) => {
      const category = answer(row, content);
      return category === undefined ? [] : [{ row: row.row, category, confidence: 0.8, reason: 'It fits.' }];
    });
    return answering(JSON.stringify({ answers }), options)(response, question);
  };
}

/** An error as OpenAI reports it. */
export function failing(
  status: number,
  error: object = {},
  headers: Readonly<Record<string, string>> = {},
): Course {
  const body = { message: 'Raw text of the provider', type: 'some_error', param: null, code: null, ...error };
  return (response) => send(response, status, { error: body }, headers);
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Speaks the HTTP of OpenAI's chat completions, and does what a test says. */
export class OpenAiServer {
  readonly asked: AskedQuestion[] = [];
  readonly #server: Server;
  readonly #once: Course[] = [];
  #course: Course = answeringRows(() => 'None of these');

  private constructor(server: Server) {
    this.#server = server;
    server.on(
      'request',
      (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response),
    );
  }

  static async start(): Promise<OpenAiServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new OpenAiServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** From now on. */
  does(course: Course): void {
    this.#course = course;
  }

  /** The next requests, one each. */
  doesOnce(...courses: readonly Course[]): void {
    this.#once.push(...courses);
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
      send(response, 404, { error: { message: 'Unknown request URL' } });
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Omit<AskedQuestion, 'authorization'>;
    const question = { ...body, authorization: request.headers.authorization };
    this.asked.push(question);
    await (this.#once.shift() ?? this.#course)(response, question);
  }
}
