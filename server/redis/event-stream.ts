import type { Logger } from '../observe/log.ts';
import { disconnectRedis, type RedisClient } from './connection.ts';
import { pauseFor } from './outage.ts';

export interface StreamHandlers {
  /** One entry, its fields by name. In order, none twice. */
  onEntry(fields: ReadonlyMap<string, string>): void;
  /** Entries may have been missed, for the stream was cut shorter than the outage or a failover lost its end. */
  onGap(): Promise<void>;
}

/** The server answers a waiting reader at least this often. */
const blockMilliseconds = 4000;
const afterErrorMilliseconds = 250;
const entriesPerAnswer = 500;
const beforeAll = '0-0';

/** Follows a Redis stream from the moment of opening, through outages. It needs a connection of its own, which it closes. */
export class EventStream {
  readonly #client: RedisClient;
  readonly #key: string;
  readonly #log: Logger;
  readonly #closed = new AbortController();
  #position: string;
  #following: Promise<void> | undefined;

  private constructor(client: RedisClient, key: string, log: Logger, position: string) {
    this.#client = client;
    this.#key = key;
    this.#log = log;
    this.#position = position;
  }

  /** Entries that come after this will be told once somebody follows. */
  static async open(client: RedisClient, key: string, log: Logger): Promise<EventStream> {
    return new EventStream(client, key, log, await lastId(client, key));
  }

  follow(handlers: StreamHandlers): void {
    this.#following ??= this.#follow(handlers);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await disconnectRedis(this.#client);
    await this.#following;
  }

  async #follow(handlers: StreamHandlers): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      try {
        await this.#read(handlers);
      } catch (error) {
        if (signal.aborted) return;
        this.#log.warn({ err: error }, 'live events are interrupted');
        await pauseFor(afterErrorMilliseconds, signal);
      }
    }
  }

  async #read({ onEntry, onGap }: StreamHandlers): Promise<void> {
    const answer = await this.#client.xread(
      ...(['COUNT', entriesPerAnswer, 'BLOCK', blockMilliseconds, 'STREAMS', this.#key, this.#position] as const),
    );
    const entries = answer?.[0]?.[1] ?? [];
    // A server that was replaced within a moment answers like the old one.
    if (!(await this.#isWhole())) {
      const last = await lastId(this.#client, this.#key);
      await onGap();
      // What came while `onGap` looked is told as well, perhaps twice in effect, never not.
      this.#position = last;
      return;
    }
    for (const [id, flat] of entries) {
      this.#position = id;
      onEntry(fieldsOf(flat));
    }
  }

  /** The last entry that we know still stands there, so all later ones do. */
  async #isWhole(): Promise<boolean> {
    if (this.#position === beforeAll) return true;
    return (await this.#client.xrange(this.#key, this.#position, this.#position)).length > 0;
  }
}

async function lastId(client: RedisClient, key: string): Promise<string> {
  const [last] = await client.xrevrange(key, '+', '-', 'COUNT', 1);
  return last?.[0] ?? beforeAll;
}

function fieldsOf(flat: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < flat.length; index += 2) fields.set(flat[index] ?? '', flat[index + 1] ?? '');
  return fields;
}
