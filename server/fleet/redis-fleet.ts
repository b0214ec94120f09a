import { randomUUID } from 'node:crypto';
import { UnavailableError } from '#core/errors.ts';
import type { Logger } from '../observe/log.ts';
import { connectRedis, disconnectRedis, type RedisClient } from '../redis/connection.ts';
import { pauseFor } from '../redis/outage.ts';
import type { RedisSettings } from '../redis/settings.ts';
import { divide } from './division.ts';
import { type Fleet, type Host, type HostIdentity, type HostParts, hostState, type Share } from './fleet.ts';
import { asStarted, type Picture, Roll, type Wish } from './roll.ts';

export interface RedisFleetOptions {
  readonly log: Logger;
  /** How often a host says that it lives, 2000 ms unless told; it is gone after five times that. */
  readonly beatMilliseconds?: number;
}

const defaultBeat = 2000;
const beatsPerLife = 5;
/** After an outage all hosts come back one by one: so many beats later all that live are there. */
const beatsToTrust = 3;
const commandMilliseconds = 4000;

/**
 * All processes on one Redis. Each signs in with every beat and is told who else is there and how many workers are wanted in all;
 * from that each finds its own share, so no host decides for the others. While nothing was ever wanted each keeps what it was started
 * with. Through outages every host keeps its share, and reminds Redis afterwards of what was wanted, should it have forgotten.
 */
export class RedisFleet implements Fleet {
  readonly #id = randomUUID();
  /** How many workers this process was started with. */
  readonly #startWorkers: number;
  readonly #startedAt = new Date().toISOString();
  readonly #identity: HostIdentity;
  readonly #parts: HostParts;
  readonly #client: RedisClient;
  readonly #roll: Roll;
  readonly #log: Logger;
  readonly #beat: number;
  readonly #closed = new AbortController();
  #picture: Picture = { hosts: [], wish: undefined };
  #wish: Wish | undefined;
  #beatsSinceOutage = beatsToTrust;
  #beating: Promise<void> | undefined;

  private constructor(client: RedisClient, identity: HostIdentity, parts: HostParts, options: RedisFleetOptions) {
    this.#client = client;
    this.#identity = identity;
    this.#parts = parts;
    this.#startWorkers = parts.pool.size;
    this.#log = options.log;
    this.#beat = options.beatMilliseconds ?? defaultBeat;
    this.#roll = new Roll(client, this.#beat * beatsPerLife);
  }

  /** Joins. Throws when Redis does not answer within 30 s. */
  static async open(
    settings: RedisSettings,
    identity: HostIdentity,
    parts: HostParts,
    options: RedisFleetOptions,
  ): Promise<RedisFleet> {
    const { log } = options;
    const client = await connectRedis(settings, { name: 'giong-fleet', log, commandTimeout: commandMilliseconds });
    const fleet = new RedisFleet(client, identity, parts, options);
    await fleet.#signIn();
    fleet.#beating = fleet.#keepBeating();
    return fleet;
  }

  async hosts(): Promise<readonly Host[]> {
    return this.#picture.hosts.map((host) => (host.id === this.#id ? { ...host, ...hostState(this.#parts) } : host));
  }

  totalWorkers(): number {
    const others = this.#picture.hosts.filter(({ id }) => id !== this.#id);
    return others.reduce((total, { workers }) => total + workers, this.#parts.pool.size);
  }

  async scale(total: number): Promise<readonly Share[]> {
    await this.#want(total);
    return divide(total, this.#picture.hosts);
  }

  async unscale(): Promise<void> {
    await this.#want(asStarted);
  }

  /** Leaves; the others take over its share. */
  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    await this.#beating;
    try {
      await this.#roll.signOut(this.#id);
    } catch (error) {
      this.#log.debug({ err: error }, 'the fleet was left without a word');
    }
    await disconnectRedis(this.#client);
  }

  async #want(total: number): Promise<void> {
    try {
      this.#learn(await this.#roll.wish(this.#entry(), total, commandMilliseconds));
    } catch (cause) {
      throw new UnavailableError('busy', {}, { cause });
    }
  }

  async #keepBeating(): Promise<void> {
    const { signal } = this.#closed;
    for (;;) {
      await pauseFor(this.#beat, signal);
      if (signal.aborted) return;
      try {
        await this.#signIn();
      } catch (error) {
        if (this.#beatsSinceOutage > 0) this.#log.warn({ err: error }, 'the fleet is out of reach');
        this.#beatsSinceOutage = 0;
      }
    }
  }

  async #signIn(): Promise<void> {
    this.#learn(await this.#roll.signIn(this.#entry(), this.#wish));
  }

  #learn(picture: Picture): void {
    this.#wish = picture.wish ?? this.#wish;
    if (this.#beatsSinceOutage < beatsToTrust) {
      this.#beatsSinceOutage++;
      return;
    }
    this.#picture = picture;
    const workers = this.#share(picture.hosts);
    if (workers === undefined || workers === this.#parts.pool.size) return;
    this.#log.info({ workers, total: this.#wish?.total }, 'the share of the fleet’s workers has changed');
    this.#parts.pool.resize(workers);
  }

  /** How many workers this host is to have; undefined where nobody ever said. */
  #share(hosts: readonly Host[]): number | undefined {
    if (this.#wish?.total === asStarted) return this.#startWorkers;
    return this.#wish && divide(this.#wish.total, hosts).find(({ id }) => id === this.#id)?.workers;
  }

  #entry(): Omit<Host, 'lastSeen'> {
    return { ...this.#identity, id: this.#id, startedAt: this.#startedAt, ...hostState(this.#parts) };
  }
}
