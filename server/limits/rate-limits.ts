import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

const rateKinds = ['general', 'convert', 'voices', 'upload'] as const;
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
  readonly #limiters = new Map<RateKind, { readonly user: RateLimiterMemory; readonly address: RateLimiterMemory }>();

  /** `usersPerAddress`: how many users one address has room for. */
  constructor(rates: Readonly<Record<RateKind, Rate>>, usersPerAddress: number) {
    for (const kind of rateKinds) {
      const rate = rates[kind];
      if (!rate) continue;
      const { requests: points, seconds: duration } = rate;
      const user = new RateLimiterMemory({ points, duration });
      const address = new RateLimiterMemory({ points: points * usersPerAddress, duration });
      this.#limiters.set(kind, { user, address });
    }
  }

  /** Counts a request; the answer is of the limit that is nearer. Undefined for a kind without one. */
  async count(kind: RateKind, { workspaceId, address }: Sender): Promise<RateState | undefined> {
    const limiters = this.#limiters.get(kind);
    if (!limiters) return undefined;
    const ofUser = workspaceId === undefined ? undefined : await consume(limiters.user, workspaceId);
    // What a user may not do does not use up the room of the others at the address.
    if (ofUser && !ofUser.allowed) return ofUser;
    const ofAddress = await consume(limiters.address, address);
    return ofUser && ofAddress.allowed && ofUser.remaining <= ofAddress.remaining ? ofUser : ofAddress;
  }
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<RateState> {
  const state = (result: RateLimiterRes, allowed: boolean): RateState => ({
    allowed,
    limit: limiter.points,
    remaining: result.remainingPoints,
    resetSeconds: Math.ceil(result.msBeforeNext / 1000),
  });
  try {
    return state(await limiter.consume(key), true);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return state(refusal, false);
    throw refusal;
  }
}
