import type { RedisClient } from '../redis/connection.ts';
import { Counter } from './counter.ts';

const rateKinds = ['general', 'status', 'convert', 'voices', 'upload'] as const;
/** What a request asks of the server; each kind has a limit of its own. */
export type RateKind = (typeof rateKinds)[number];

/** So many requests of one user in so many seconds; null for no limit. */
export type Rate = { readonly requests: number; readonly seconds: number } | null;

/** Who sent a request. */
export interface Sender {
  /** Undefined for a visitor who has no session yet. */
  readonly workspaceId: string | undefined;
  readonly address: string;
}

/** Where a sender stands after a request. */
export interface RateState {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until the count begins anew. */
  readonly resetSeconds: number;
}

/**
 * Counts requests in fixed windows, by user and by address. The address has the room of several users, who may share it; it
 * keeps one person from taking a new session for each request, and is all that there is of a visitor without a session.
 */
export class RateLimits {
  readonly #counters = new Map<RateKind, { readonly user: Counter; readonly address: Counter }>();

  /** `usersPerAddress`: how many users one address has room for. All processes with the same Redis count together. */
  constructor(rates: Readonly<Record<RateKind, Rate>>, usersPerAddress: number, redis?: RedisClient) {
    for (const kind of rateKinds) {
      const rate = rates[kind];
      if (!rate) continue;
      const { requests, seconds: duration } = rate;
      const counter = (by: string, points: number) => new Counter({ name: `${kind}:${by}`, points, duration, redis });
      this.#counters.set(kind, {
        user: counter('user', requests),
        address: counter('address', requests * usersPerAddress),
      });
    }
  }

  /** Counts a request; the answer is of the limit that is nearer. Undefined for a kind without one. */
  async count(kind: RateKind, { workspaceId, address }: Sender): Promise<RateState | undefined> {
    const counters = this.#counters.get(kind);
    if (!counters) return undefined;
    const ofUser = workspaceId === undefined ? undefined : await consume(counters.user, workspaceId);
    // What a user may not do does not use up the room of the others at the address.
    if (ofUser && !ofUser.allowed) return ofUser;
    const ofAddress = await consume(counters.address, address);
    return ofUser && ofAddress.allowed && ofUser.remaining <= ofAddress.remaining ? ofUser : ofAddress;
  }
}

async function consume(counter: Counter, key: string): Promise<RateState> {
  const { allowed, remaining, resetMilliseconds } = await counter.consume(key);
  return { allowed, limit: counter.points, remaining, resetSeconds: Math.ceil(resetMilliseconds / 1000) };
}
