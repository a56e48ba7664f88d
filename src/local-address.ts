import { BlockList, isIP } from 'node:net';

const loopbackAddresses = new BlockList();
loopbackAddresses.addSubnet('127.0.0.0', 8, 'ipv4');
loopbackAddresses.addAddress('::1', 'ipv6');

const localAddresses = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  localAddresses.addSubnet(network, prefix, 'ipv4');
}
localAddresses.addAddress('::1', 'ipv6');
localAddresses.addSubnet('fc00::', 7, 'ipv6');

/** Whether a host is this machine or in the local network, as far as its name tells: one without a dot is. */
export function isLocal(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return localAddresses.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
  return !host.includes('.') || /\.(local|lan|internal|home\.arpa)$/.test(host);
}

/** Whether only this machine can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  if (isIP(host) !== 0) return loopbackAddresses.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
  return host.toLowerCase() === 'localhost';
}
