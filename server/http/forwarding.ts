import type { Config } from '../config.ts';
import { clientAddress } from '../limits/client-address.ts';
import { inNetworks } from '../limits/network.ts';
import type { AppContext } from './context.ts';

/** What our reverse proxies say of a request: of whoever else connects, only the connection itself is believed. */
export class Forwarding {
  readonly #proxies: number;
  readonly #isTrusted: (address: string | undefined) => boolean;

  constructor({ proxies, trustedProxies }: Pick<Config, 'proxies' | 'trustedProxies'>) {
    this.#proxies = proxies;
    this.#isTrusted = inNetworks(trustedProxies);
  }

  /** Where the request came from, as `clientAddress` has it. */
  addressOf(c: AppContext): string {
    const connected = c.env.server.requestIP(c.req.raw)?.address;
    return clientAddress(connected, c.req.header('X-Forwarded-For'), this.#believed(connected));
  }

  /** Whether the browser speaks TLS, as far as it can be known. */
  isSecure(c: AppContext): boolean {
    if (new URL(c.req.url).protocol === 'https:') return true;
    const believed = this.#believed(c.env.server.requestIP(c.req.raw)?.address);
    if (believed === 0) return false;
    const entries = (c.req.header('X-Forwarded-Proto') ?? '').split(',').map((entry) => entry.trim());
    return (entries.at(-believed) ?? entries[0]) === 'https';
  }

  /** How many of the last entries of a header are our proxies' own. */
  #believed(connected: string | undefined): number {
    return this.#isTrusted(connected) ? this.#proxies : 0;
  }
}
