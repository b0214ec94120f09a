/**
 * The address that a request came from, as far as it can be known: what connected, or, behind `proxies` reverse proxies, what the
 * first of them saw. Each proxy adds an entry to `X-Forwarded-For`; those before theirs are anybody's to invent.
 */
export function clientAddress(
  connected: string | undefined,
  forwardedFor: string | undefined,
  proxies: number,
): string {
  const entries = (forwardedFor ?? '').split(',').map((entry) => entry.trim());
  const seen = proxies > 0 ? entries.at(-proxies) : undefined;
  return networkOf(seen || connected || 'unknown');
}

/** An IPv6 customer owns a /64 at least, so that counts as one address; an IPv4 address is itself. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const all = [...groups, ...Array<string>(zeros).fill('0'), ...after];
  return `${all.slice(0, 4).join(':').toLowerCase()}::/64`;
}

/** Whether the address is of this machine itself. */
export function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address ?? '');
}
