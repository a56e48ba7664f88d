import { failure, type Failure } from '../domain/failure.js';
import type { Server } from './server.js';

type Describe = (server: Server) => Failure;

const restartAndRetry = 'Start the Actual server, or correct ACTUAL_SERVER_URL and restart, then retry.';

const refused: Describe = ({ host }) =>
  failure('ACTUAL_UNREACHABLE', {
    message: `Nothing accepts connections at ${host}: the Actual server is not running there.`,
    action: restartAndRetry,
  });

const notFound: Describe = ({ hostname }) =>
  failure('ACTUAL_UNREACHABLE', {
    message: `The host ${hostname} could not be found.`,
    action: 'Correct the host in ACTUAL_SERVER_URL and restart, or mend the name resolution of this machine.',
    retryable: false,
  });

const notLookedUp: Describe = ({ hostname }) =>
  failure('ACTUAL_UNREACHABLE', {
    message: `The name of the host ${hostname} could not be looked up.`,
    action: 'Check the network and the name resolution of this machine, then retry.',
  });

const noRoute: Describe = ({ host }) =>
  failure('ACTUAL_UNREACHABLE', {
    message: `This machine has no network connection to ${host}.`,
    action: 'Check the network of this machine and of the Actual server, then retry.',
  });

const notConnectedInTime: Describe = ({ host }) =>
  failure('ACTUAL_TIMEOUT', {
    message: `The connection to ${host} could not be made in time.`,
    action: 'Check that the Actual server is running and that no firewall is in between, then retry.',
  });

const dropped: Describe = ({ host, isSecure }) =>
  failure('ACTUAL_UNREACHABLE', {
    message: `The connection to ${host} was closed before the Actual server answered.`,
    action: isSecure
      ? 'Retry; if it happens again, look into the log of the Actual server and of a proxy before it.'
      : 'Retry; if it happens again, check whether ACTUAL_SERVER_URL must begin with https://.',
  });

const certificateNotTrusted: Describe = ({ host }) =>
  failure('ACTUAL_UNREACHABLE', {
    message: `The certificate of ${host} is not trusted by this machine.`,
    action:
      'Set NODE_EXTRA_CA_CERTS to the file with the certificate, or with that of its issuer, and restart.',
    retryable: false,
  });

const certificateNotValidNow: Describe = ({ host }) =>
  failure('ACTUAL_UNREACHABLE', {
    message: `The certificate of ${host} has expired or is not valid yet.`,
    action: 'Renew the certificate of the Actual server, or correct the clock of this machine, then retry.',
    retryable: false,
  });

const certificateOfAnother: Describe = ({ host, hostname }) =>
  failure('ACTUAL_UNREACHABLE', {
    message: `The certificate of ${host} was not made out for the name ${hostname}.`,
    action: 'Use the name that the certificate was made out for in ACTUAL_SERVER_URL, and restart.',
    retryable: false,
  });

const noTls: Describe = ({ host }) =>
  failure('ACTUAL_UNREACHABLE', {
    message: `What answers at ${host} does not speak https.`,
    action: 'Correct ACTUAL_SERVER_URL, perhaps it must begin with http://, and restart.',
    retryable: false,
  });

const noHttp: Describe = ({ host }) =>
  failure('ACTUAL_UNREACHABLE', {
    message: `What answers at ${host} does not speak http.`,
    action: 'Correct ACTUAL_SERVER_URL, perhaps it must begin with https://, and restart.',
    retryable: false,
  });

const causes: readonly (readonly [RegExp, Describe])[] = [
  [/^ECONNREFUSED$/, refused],
  [/^ENOTFOUND$/, notFound],
  [/^EAI_/, notLookedUp],
  [/^(EHOST|ENET)(UNREACH|DOWN)$|^EADDRNOTAVAIL$/, noRoute],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, notConnectedInTime],
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, certificateNotValidNow],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, certificateOfAnother],
  [/CERT|UNABLE_TO_|^INVALID_(CA|PURPOSE)$|^HOSTNAME_MISMATCH$/, certificateNotTrusted],
  [/^(ERR_SSL_|EPROTO$)/, noTls],
  [/^HPE_/, noHttp],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET)$/, dropped],
];

/** Why there was no connection, by the code that the operating system, TLS or undici gave. */
export function failureOfConnection(code: string | null, server: Server): Failure {
  const describe = code === null ? undefined : causes.find(([pattern]) => pattern.test(code))?.[1];
  return describe?.(server) ?? failure('ACTUAL_UNREACHABLE');
}
