import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import protobuf from 'protobufjs';

interface CollectedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it is the first of its trace. */
  readonly parentSpanId: string;
  readonly service: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 2: it did not reach its goal. */
  readonly statusCode: number;
}

/** Takes traces as an OpenTelemetry collector does, over OTLP/HTTP in protobuf. */
export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** All that was sent, as it came. */
  readonly received: readonly Buffer[];
  /** Of the last request. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** How it answers from now on. */
  status: number;
  close(): Promise<void>;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly traceId: Buffer;
        readonly spanId: Buffer;
        readonly parentSpanId: Buffer;
        readonly attributes: readonly Attribute[];
        readonly status: { readonly code: number } | null;
      }[];
    }[];
  }[];
}

const schema = protobuf.parse(readFileSync(new URL('./trace.proto', import.meta.url), 'utf8')).root;
const requestType = schema.lookupType('ExportTraceServiceRequest');

export async function openCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const received: Buffer[] = [];
  let headers = {};
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      headers = request.headers;
      const isOurs = request.method === 'POST' && request.url === '/v1/traces';
      const isProtobuf = request.headers['content-type'] === 'application/x-protobuf';
      if (!isOurs || !isProtobuf) {
        response.writeHead(400).end();
        return;
      }
      if (collector.status === 200) {
        received.push(body);
        spans.push(...spansIn(body));
      }
      // An empty message is an empty answer.
      response.writeHead(collector.status, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const collector: Collector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    received,
    get headers() {
      return headers;
    },
    status: 200,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return collector;
}

function spansIn(body: Buffer): readonly CollectedSpan[] {
  const { resourceSpans } = requestType.toObject(requestType.decode(body), {
    ...{ longs: Number, arrays: true, bytes: Buffer, defaults: true },
  }) as Request;
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map(({ name, traceId, spanId, parentSpanId, attributes, status }) => ({
        name,
        traceId: traceId.toString('hex'),
        spanId: spanId.toString('hex'),
        parentSpanId: Buffer.from(parentSpanId).toString('hex'),
        service: valuesOf(resource.attributes)['service.name'],
        attributes: valuesOf(attributes),
        statusCode: status?.code ?? 0,
      })),
    ),
  );
}

function valuesOf(attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
