import { milliseconds, whole, yesOrNo } from './variable-kinds.js';

const mebibyte = 1_048_576;
const bytes = (defaultValue: number, min: number, meaning: string) =>
  whole(defaultValue, min, 64 * mebibyte, meaning, ' of bytes');

/** What strangers may ask for at most. No honest client meets the defaults. */
export const limitVariables = {
  MAX_BODY_BYTES: bytes(mebibyte, 1_024, 'Size of one request over HTTP.'),
  MAX_FRAME_BYTES: bytes(65_536, 1_024, 'Size of one message over a WebSocket.'),
  MAX_HEADER_BYTES: bytes(16_384, 1_024, 'Size of all headers of a request, its address included.'),
  MAX_QUERY_TOKENS: whole(2_000, 10, 1_000_000, 'Words and signs in one GraphQL request.'),
  MAX_QUERY_DEPTH: whole(25, 1, 1_000, 'Levels of selections in selections, those of fragments included.'),
  MAX_QUERY_ALIASES: whole(100, 0, 1_000_000, 'Fields that one request may rename.'),
  MAX_QUERY_COMPLEXITY: whole(
    150_000,
    1,
    1_000_000_000,
    'Fields that one request may be answered with: `first` times those of a page, ten times those of other lists.',
  ),
  MAX_REQUESTS_PER_MINUTE: whole(
    6_000,
    1,
    1_000_000_000,
    'Requests of one user, over HTTP and WebSockets together; one counts as several where it asks for more than 1,000 fields. Without sign-in there is no such limit.',
  ),
  MAX_ADDRESS_REQUESTS_PER_MINUTE: whole(
    12_000,
    1,
    1_000_000_000,
    'Requests and connections from one address, whether or not they are signed in. Behind a proxy, name it in `AUTH_TRUSTED_PROXIES`.',
  ),
  MAX_USER_CONNECTIONS: whole(
    100,
    1,
    1_000_000,
    'WebSockets of one user. Without sign-in there is no such limit.',
  ),
  MAX_USER_SUBSCRIPTIONS: whole(
    500,
    1,
    1_000_000,
    'Subscriptions of one user, over all WebSockets. Without sign-in there is no such limit.',
  ),
  MAX_UNREAD_BYTES: bytes(
    4 * mebibyte,
    65_536,
    'What a client may leave unread on a WebSocket and still ask for more; then it is closed.',
  ),
  REQUEST_TIMEOUT_MS: milliseconds(30_000, 100, 'How long a client may take to send a request over HTTP.'),
  CONNECTION_INIT_TIMEOUT_MS: milliseconds(
    3_000,
    100,
    'How long a WebSocket may be open before its client says who it is.',
  ),
  INTROSPECTION: yesOrNo(true, 'Whether the GraphQL schema may be asked for.'),
  PLAYGROUND: yesOrNo(true, 'Whether `/playground` is served.'),
};
