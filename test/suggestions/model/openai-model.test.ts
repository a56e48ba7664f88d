import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import type { Question } from '../../../src/suggestions/model/chat-model.js';
import type { ModelFaultError } from '../../../src/suggestions/model/model-fault-error.js';
import { OpenAiModel } from '../../../src/suggestions/model/openai-model.js';
import { answering, failing, usage, type Course } from '../../support/openai/openai-server.js';
import { openAiServers } from '../../support/openai/openai-servers.js';

const startServer = openAiServers();
const now = () => '2026-11-26T12:00:00.000Z';
const options = { model: 'test-model', apiKey: 'sk-secret', timeoutMs: 10_000, now };
const never = new AbortController().signal;
const question: Question = {
  instructions: 'Choose.',
  content: '{"rows":[]}',
  answerSchema: { type: 'object' },
  isAnswer: (text) => text.startsWith('{'),
  maxOutputTokens: 500,
  signal: never,
};

async function faultOf(asking: Promise<unknown>): Promise<ModelFaultError> {
  return asking.then(
    () => Promise.reject(new Error('It was answered')),
    (error: unknown) => error as ModelFaultError,
  );
}

const hangs: Course = () => undefined;
const isCut: Course = (response) => void response.destroy();
const beginsAndHangs: Course = (response) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices":');
const isCutInTheMiddle: Course = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"choices":', () => response.destroy());
};
const isBroken: Course = (response) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":');
const saying =
  (body: unknown, status = 200): Course =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const inChoice = (error: object): Course =>
  saying({ choices: [{ finish_reason: 'error', error, message: { content: '' } }] });
const isEndless: Course = async (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  // It ends with the connection.
  await pipeline(spaces, response).catch(() => undefined);
};
function* spaces() {
  for (;;) yield ' '.repeat(100_000);
}
const isAPage: Course = (response) =>
  void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>');

describe('a question to the model', () => {
  it('asks for the schema, bounds the answer, and gives the text and what it cost', async () => {
    const server = await startServer();
    server.does(answering('{"answers":[]}'));
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    expect(await model.ask(question)).toEqual({
      text: '{"answers":[]}',
      isCutOff: false,
      usage: { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens },
    });
    expect(server.asked).toMatchObject([
      {
        model: 'test-model',
        authorization: 'Bearer sk-secret',
        messages: [
          { role: 'system', content: 'Choose.' },
          { role: 'user', content: '{"rows":[]}' },
        ],
        max_tokens: 500,
        response_format: { type: 'json_schema', json_schema: { strict: true, schema: { type: 'object' } } },
      },
    ]);
  });

  it('says where the answer was cut off, and where nobody tells what it cost', async () => {
    const server = await startServer();
    server.does(answering('{"ans', { finish: 'length', cost: null }));
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    expect(await model.ask(question)).toEqual({ text: '{"ans', isCutOff: true, usage: null });
  });
});

describe('an answer without a choice', () => {
  it('says nothing, and costs what the server says', async () => {
    const server = await startServer();
    server.does(saying({ choices: [], usage }));
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    expect(await model.ask(question)).toMatchObject({
      text: '',
      isCutOff: false,
      usage: { inputTokens: usage.prompt_tokens },
    });
  });
});

describe('an answer in another form', () => {
  const inChoices = (content: unknown) => ({ choices: [{ finish_reason: 'stop', message: { content } }] });

  it.each<[string, Course, string]>([
    [
      'without a word that it is JSON',
      (response) =>
        void response.writeHead(200, { 'content-type': 'text/plain' }).end(JSON.stringify(inChoices('{}'))),
      '{}',
    ],
    [
      'in parts, of which one holds thoughts',
      saying(
        inChoices([
          { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
          { type: 'text', text: '{"answers":' },
          { type: 'text', text: '[]}' },
        ]),
      ),
      '{"answers":[]}',
    ],
  ])('is read: %s', async (_what, course, text) => {
    const server = await startServer();
    server.does(course);

    expect((await new OpenAiModel({ ...options, baseUrl: server.url }).ask(question)).text).toBe(text);
  });
});

describe('what a server says that an answer has cost', () => {
  it.each([
    ['less than nothing', { prompt_tokens: -5, completion_tokens: 100 }],
    ['a part of a token', { prompt_tokens: 900, completion_tokens: 0.5 }],
    ['more than there can be', { prompt_tokens: 1e15, completion_tokens: 100 }],
    ['words', { prompt_tokens: 'many', completion_tokens: 100 }],
    ['half of it', { prompt_tokens: 900 }],
  ])('is not known where it is %s', async (_what, cost) => {
    const server = await startServer();
    server.does(answering('{"answers":[]}', { cost }));
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    expect(await model.ask(question)).toEqual({ text: '{"answers":[]}', isCutOff: false, usage: null });
  });
});

describe('a server that knows no structured outputs', () => {
  it('is asked for JSON, with the schema in words, and from then on at once', async () => {
    const server = await startServer();
    const unknown = failing(400, { message: "'response_format.type' must be 'json_object' or 'text'" });
    server.does(answering('{"answers":[]}'));
    server.doesOnce(unknown);
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    expect((await model.ask(question)).text).toBe('{"answers":[]}');
    await model.ask(question);

    expect(server.asked.map(({ response_format }) => response_format?.type)).toEqual([
      'json_schema',
      'json_object',
      'json_object',
    ]);
    expect(server.asked[1]?.messages[0]?.content).toContain('JSON schema:\n{"type":"object"}');
  });

  it('is found out by an answer of no use, where it takes the schema and does not heed it', async () => {
    const server = await startServer();
    server.does(answering('{"answers":[]}'));
    server.doesOnce(answering('I would call it Groceries.'));
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    expect((await model.ask(question)).text).toBe('I would call it Groceries.');
    await model.ask(question);

    expect(server.asked.map(({ response_format }) => response_format?.type)).toEqual([
      'json_schema',
      'json_schema',
    ]);
    expect(server.asked.map(({ messages }) => messages[0]?.content.includes('JSON schema:'))).toEqual([
      false,
      true,
    ]);
  });

  it.each([
    ['no JSON either', "'response_format.type' must be 'text'"],
    ['no format at all', 'Unknown field: response_format'],
  ])('and knows %s is told all in words', async (_what, message) => {
    const server = await startServer();
    server.does((response, asked) =>
      asked.response_format
        ? failing(400, { message })(response, asked)
        : answering('{"answers":[]}')(response, asked),
    );
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    expect((await model.ask(question)).text).toBe('{"answers":[]}');
    expect(server.asked.map(({ response_format }) => response_format?.type)).toEqual([
      'json_schema',
      'json_object',
      undefined,
    ]);
    expect(server.asked[2]?.messages[0]?.content).toContain('JSON schema:');
  });

  it('is not taken for one where its answer was cut off', async () => {
    const server = await startServer();
    server.does(answering('{"answers":[]}'));
    server.doesOnce(answering('I would', { finish: 'length' }));
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    await model.ask(question);
    await model.ask(question);

    expect(server.asked.map(({ response_format }) => response_format?.type)).toEqual([
      'json_schema',
      'json_schema',
    ]);
  });

  it('is found out by several questions at the same time, and none of them fails', async () => {
    const server = await startServer();
    server.does((response, asked) =>
      asked.response_format?.type === 'json_schema'
        ? failing(422, { message: 'json_schema is not supported' })(response, asked)
        : answering('{}')(response, asked),
    );
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    const replies = await Promise.all([1, 2, 3].map(() => model.ask(question)));

    expect(replies.map(({ text }) => text)).toEqual(['{}', '{}', '{}']);
  });
});

describe('a server that bounds answers under the newer name', () => {
  it('is told the bound under that name, once it has said so', async () => {
    const server = await startServer();
    server.does(answering('{}'));
    server.doesOnce(
      failing(400, {
        message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
        param: 'max_tokens',
        code: 'unsupported_parameter',
      }),
    );
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    await model.ask(question);

    expect(server.asked.at(-1)).toMatchObject({ max_completion_tokens: 500 });
    expect(server.asked.at(-1)).not.toHaveProperty('max_tokens');
  });

  it('is not asked for ever where it takes neither name', async () => {
    const server = await startServer();
    server.does(failing(400, { message: 'max_tokens is too large', param: 'max_tokens' }));
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    expect((await faultOf(model.ask(question))).failure).toMatchObject({
      code: 'MODEL_BAD_ANSWER',
      retryable: false,
    });
    expect(server.asked).toHaveLength(2);
  });
});

describe('what to do about a question that is not answered', () => {
  it.each<[string, Course, RegExp]>([
    [
      'a longer context, by llama.cpp',
      failing(400, { message: 'the request exceeds the available context size' }),
      /longer context/,
    ],
    [
      'a longer context, by vLLM',
      failing(400, { message: "This model's maximum context length is 4096 tokens" }),
      /longer context/,
    ],
    [
      'another provider, by OpenAI in some countries',
      failing(403, { code: 'unsupported_country_region_territory' }),
      /another provider/,
    ],
    [
      'another model, by Ollama',
      failing(404, { message: 'model "x" not found, try pulling it first' }),
      /Set OPENAI_MODEL/,
    ],
    [
      'another model, by older versions of vLLM',
      saying({ object: 'error', message: 'The model `x` does not exist.', code: 404 }, 404),
      /Set OPENAI_MODEL/,
    ],
  ])('is %s', async (_what, course, action) => {
    const server = await startServer();
    server.does(course);
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    const { failure } = await faultOf(model.ask(question));

    expect(failure.action).toMatch(action);
    expect(failure.retryable).toBe(false);
  });
});

describe('a question that is not answered', () => {
  const quota = { code: 'insufficient_quota' };
  it.each<[string, Course, string, boolean]>([
    ['the key is wrong', failing(401, { code: 'invalid_api_key' }), 'MODEL_AUTH_FAILED', false],
    ['the key may not use the model', failing(403), 'MODEL_AUTH_FAILED', false],
    ['the model is unknown', failing(404, { code: 'model_not_found' }), 'MODEL_BAD_ANSWER', false],
    [
      'Ollama has not pulled the model',
      failing(404, { message: 'model "x" not found, try pulling it first' }),
      'MODEL_BAD_ANSWER',
      false,
    ],
    ['the address is another program', failing(404, { message: 'Not Found' }), 'MODEL_BAD_ANSWER', false],
    ['the address is a web page', isAPage, 'MODEL_BAD_ANSWER', false],
    ['the answer is null', saying(null), 'MODEL_BAD_ANSWER', false],
    ['the answer has no choices', saying({ error: { message: 'Raw text' } }), 'MODEL_BAD_ANSWER', false],
    ['the choice is an error of too many requests', inChoice({ code: 429 }), 'MODEL_RATE_LIMITED', true],
    [
      'the answer is an error of too many requests',
      saying({ error: { code: 429 } }),
      'MODEL_RATE_LIMITED',
      true,
    ],
    [
      'the answer is an error in words',
      saying({ error: { code: 'insufficient_quota' } }),
      'MODEL_QUOTA',
      false,
    ],
    ['the answer is an error of the key', saying({ error: { code: '401' } }), 'MODEL_AUTH_FAILED', false],
    [
      'the answer is an unknown error',
      saying({ error: { code: 'oops', message: 'Raw text' } }),
      'MODEL_UNREACHABLE',
      true,
    ],
    ['the answer ended with an error', answering('{"ans', { finish: 'error' }), 'MODEL_UNREACHABLE', true],
    ['the answer has no end', isEndless, 'MODEL_BAD_ANSWER', false],
    ['the choice is null', saying({ choices: [null] }), 'MODEL_BAD_ANSWER', false],
    ['the content is no text', saying({ choices: [{ message: { content: 5 } }] }), 'MODEL_BAD_ANSWER', false],
    ['the quota is used up', failing(429, quota), 'MODEL_QUOTA', false],
    ['there is no credit left', failing(402), 'MODEL_QUOTA', false],
    [
      'there are too many requests',
      failing(429, { code: 'rate_limit_exceeded' }),
      'MODEL_RATE_LIMITED',
      true,
    ],
    ['the provider is down', failing(500), 'MODEL_UNREACHABLE', true],
    ['the provider is overloaded', failing(503), 'MODEL_UNREACHABLE', true],
    ['a gateway waits in vain', failing(504), 'MODEL_TIMEOUT', true],
    [
      'the question is too long',
      failing(400, { code: 'context_length_exceeded' }),
      'MODEL_BAD_ANSWER',
      false,
    ],
    [
      'llama.cpp has not enough context for it',
      failing(400, {
        code: 400,
        type: 'exceed_context_size_error',
        message: 'the request exceeds the available context size',
      }),
      'MODEL_BAD_ANSWER',
      false,
    ],
    [
      'the provider does not serve this country',
      failing(403, { code: 'unsupported_country_region_territory' }),
      'MODEL_AUTH_FAILED',
      false,
    ],
    ['a filter stops the question', failing(400, { code: 'content_filter' }), 'MODEL_BAD_ANSWER', false],
    ['a filter stops the answer', answering('', { finish: 'content_filter' }), 'MODEL_BAD_ANSWER', false],
    ['the model refuses', answering('', { refusal: 'I cannot help with that.' }), 'MODEL_BAD_ANSWER', false],
    ['the question is not accepted', failing(400), 'MODEL_BAD_ANSWER', false],
    ['the connection is cut', isCut, 'MODEL_UNREACHABLE', true],
    ['the connection is cut in the middle of the answer', isCutInTheMiddle, 'MODEL_UNREACHABLE', true],
    ['the answer is broken', isBroken, 'MODEL_BAD_ANSWER', true],
  ])(
    'because %s says so with its code, and nothing of the other side’s text',
    async (_why, course, code, retryable) => {
      const server = await startServer();
      server.does(course);
      const model = new OpenAiModel({ ...options, baseUrl: server.url });

      const { failure, message } = await faultOf(model.ask(question));

      expect(failure).toMatchObject({ code, retryable });
      expect(`${message} ${failure.message} ${failure.action}`).not.toMatch(/Raw text|sk-secret|cannot help/);
      expect(server.asked).toHaveLength(1);
    },
  );

  it.each([
    ['begins no answer', hangs],
    ['does not end its answer', beginsAndHangs],
  ])('in time, because the server %s', async (_why, course) => {
    const server = await startServer();
    server.does(course);
    const model = new OpenAiModel({ ...options, timeoutMs: 200, baseUrl: server.url });

    expect(await faultOf(model.ask(question))).toMatchObject({
      failure: { code: 'MODEL_TIMEOUT' },
      mayHaveCost: true,
    });
  });

  it('because nobody listens never left, and cost nothing', async () => {
    const server = await startServer();
    const { url } = server;
    await server.stop();
    const model = new OpenAiModel({ ...options, baseUrl: url });

    expect(await faultOf(model.ask(question))).toMatchObject({
      failure: { code: 'MODEL_UNREACHABLE' },
      mayHaveCost: false,
    });
  });

  it.each([
    [
      'a secure connection was asked of a server that has none',
      (url: string) => url.replace('http:', 'https:'),
    ],
    ['the port is one that no request may go to', () => 'http://127.0.0.1:6000/v1'],
  ])('because %s never left, and cost nothing', async (_why, addressOf) => {
    const server = await startServer();
    const model = new OpenAiModel({ ...options, baseUrl: addressOf(server.url) });

    expect(await faultOf(model.ask(question))).toMatchObject({
      failure: { code: 'MODEL_UNREACHABLE' },
      mayHaveCost: false,
    });
  });

  it('because the connection was cut may have cost something', async () => {
    const server = await startServer();
    server.does(isCut);

    expect(await faultOf(new OpenAiModel({ ...options, baseUrl: server.url }).ask(question))).toMatchObject({
      mayHaveCost: true,
    });
  });

  it('because the model refused tells what that cost', async () => {
    const server = await startServer();
    server.does(answering('', { refusal: 'No.' }));

    expect(await faultOf(new OpenAiModel({ ...options, baseUrl: server.url }).ask(question))).toMatchObject({
      answer: { usage: { inputTokens: usage.prompt_tokens } },
    });
  });

  it('says when the other side wants to be asked again', async () => {
    const server = await startServer();
    server.does(failing(429, {}, { 'retry-after': '7' }));

    expect(await faultOf(new OpenAiModel({ ...options, baseUrl: server.url }).ask(question))).toMatchObject({
      retryAfterMs: 7_000,
    });
  });

  it('because nobody wants it any longer ends at once with that reason', async () => {
    const server = await startServer();
    const controller = new AbortController();
    const reason = new Error('canceled');
    server.does(() => controller.abort(reason));
    const model = new OpenAiModel({ ...options, baseUrl: server.url });

    await expect(model.ask({ ...question, signal: controller.signal })).rejects.toBe(reason);
  });
});
