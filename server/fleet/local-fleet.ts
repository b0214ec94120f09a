import { randomUUID } from 'node:crypto';
import type { Fleet, Host, HostIdentity, HostPool, Share } from './fleet.ts';

/** A fleet of one: this process. */
export class LocalFleet implements Fleet {
  readonly #identity: HostIdentity;
  readonly #pool: HostPool;
  readonly #id = randomUUID();
  readonly #startedAt = new Date().toISOString();

  constructor(identity: HostIdentity, pool: HostPool) {
    this.#identity = identity;
    this.#pool = pool;
  }

  async hosts(): Promise<readonly Host[]> {
    const { size: workers, busy } = this.#pool;
    const memoryBytes = process.memoryUsage.rss();
    const lastSeen = new Date().toISOString();
    return [{ ...this.#identity, id: this.#id, workers, busy, memoryBytes, startedAt: this.#startedAt, lastSeen }];
  }

  totalWorkers(): number {
    return this.#pool.size;
  }

  async scale(total: number): Promise<readonly Share[]> {
    this.#pool.resize(total);
    return [{ id: this.#id, name: this.#identity.name, workers: total }];
  }

  async close(): Promise<void> {}
}
