import { randomUUID } from 'node:crypto';
import { type Fleet, type Host, type HostIdentity, type HostParts, hostState, type Share } from './fleet.ts';

/** A fleet of one: this process. */
export class LocalFleet implements Fleet {
  readonly #identity: HostIdentity;
  readonly #parts: HostParts;
  readonly #id = randomUUID();
  readonly #startWorkers: number;
  readonly #startedAt = new Date().toISOString();

  constructor(identity: HostIdentity, parts: HostParts) {
    this.#identity = identity;
    this.#parts = parts;
    this.#startWorkers = parts.pool.size;
  }

  async hosts(): Promise<readonly Host[]> {
    const lastSeen = new Date().toISOString();
    return [{ ...this.#identity, id: this.#id, startedAt: this.#startedAt, lastSeen, ...hostState(this.#parts) }];
  }

  totalWorkers(): number {
    return this.#parts.pool.size;
  }

  async scale(total: number): Promise<readonly Share[]> {
    this.#parts.pool.resize(total);
    return [{ id: this.#id, name: this.#identity.name, workers: total }];
  }

  async unscale(): Promise<void> {
    this.#parts.pool.resize(this.#startWorkers);
  }

  async close(): Promise<void> {}
}
