import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { InputError } from '#core/errors.ts';
import type { Config } from '../config.ts';

/** Addresses that are not on the public internet: this machine, private networks, links, and what is kept for other ends. */
const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4');
}

/** Public IPv6 is 2000::/3, less what only wraps IPv4 addresses (Teredo, 6to4) or documents. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
const wrapped = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  wrapped.addSubnet(network, prefix, 'ipv6');
}

/** Whether an IP address is one of the public internet. Text that is no address is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !privateNetworks.check(address, 'ipv4');
  return family === 6 && globalUnicast.check(address, 'ipv6') && !wrapped.check(address, 'ipv6');
}

/**
 * Refuses early what is plainly no place for a webhook. What a name leads to is looked at when it is used, by `publicOnly`.
 * Throws `InputError('webhook-refused')`.
 */
export function checkWebhookUrl(url: string | undefined, { webhookPrivate }: Pick<Config, 'webhookPrivate'>): void {
  if (url === undefined) return;
  const { protocol, username, password, hostname } = new URL(url);
  const isWeb = protocol === 'http:' || protocol === 'https:';
  const host = bareHost(hostname);
  const isPrivate = isIP(host) ? !isPublicAddress(host) : host === 'localhost' || host.endsWith('.localhost');
  if (!isWeb || username !== '' || password !== '' || (isPrivate && !webhookPrivate)) {
    throw new InputError('webhook-refused');
  }
}

/** The host of a URL as the system's resolver wants it: IPv6 without brackets. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/**
 * Resolves a name for a connection that is being opened, and gives only addresses of the public internet, so that none can change
 * between the check and the use. Fails with `InputError('webhook-refused')` when any is not.
 */
export const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? [];
    if (error || !first) return callback(error ?? new Error('the name has no address'), '', 0);
    if (!addresses.every(({ address }) => isPublicAddress(address))) {
      return callback(new InputError('webhook-refused', { host: hostname }), '', 0);
    }
    if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
