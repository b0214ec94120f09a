import { z } from 'zod';
import type { RedisClient } from '../redis/connection.ts';
import { Script } from '../redis/script.ts';
import type { Host } from './fleet.ts';

/** All in one slot of a cluster. */
const keys = ['{giong}:fleet:hosts', '{giong}:fleet:seen', '{giong}:fleet:wish'] as const;

/** The total that takes an earlier one back: each host has the workers that it was started with. */
export const asStarted = 0;

/** How many workers the operator wants in all (or `asStarted`), and when that was said: milliseconds by the clock of Redis. */
export interface Wish {
  readonly total: number;
  readonly at: number;
}

/** What the fleet is at one moment. */
export interface Picture {
  readonly hosts: readonly Host[];
  readonly wish: Wish | undefined;
}

type Entry = Omit<Host, 'lastSeen'>;

const entrySchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['server', 'worker']),
  works: z.boolean(),
  workers: z.int(),
  busy: z.int(),
  cores: z.int(),
  memoryBytes: z.int(),
  jobsPerMinute: z.number(),
  version: z.string(),
  startedAt: z.string(),
});

/**
 * KEYS: hash of hosts by id, sorted set of ids by when they were seen, hash of the wish.
 * ARGV: id, its entry as JSON ('' to leave), milliseconds after which a silent host is gone, the wish that the caller knows
 * (total, at; '' for none), or a new one (total, '') and until when it counts. Returns the time, the wish (total, at) or two empty
 * strings, then for each host its entry and when it was seen.
 */
const signIn = new Script(`
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  if ARGV[2] == '' then
    redis.call('HDEL', KEYS[1], ARGV[1])
    redis.call('ZREM', KEYS[2], ARGV[1])
  else
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
    redis.call('ZADD', KEYS[2], now, ARGV[1])
  end
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. (now - ARGV[3]))) do
    redis.call('HDEL', KEYS[1], gone)
    redis.call('ZREM', KEYS[2], gone)
  end
  local isLate = ARGV[6] ~= '' and now > tonumber(ARGV[6])
  if ARGV[4] ~= '' and not isLate then
    local at = ARGV[5] == '' and now or tonumber(ARGV[5])
    if at > tonumber(redis.call('HGET', KEYS[3], 'at') or '0') then
      redis.call('HSET', KEYS[3], 'total', ARGV[4], 'at', string.format('%.0f', at))
    end
  end
  local answer = { string.format('%.0f', now), redis.call('HGET', KEYS[3], 'total') or '', redis.call('HGET', KEYS[3], 'at') or '' }
  for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
    local entry = redis.call('HGET', KEYS[1], id)
    if entry then
      table.insert(answer, entry)
      table.insert(answer, redis.call('ZSCORE', KEYS[2], id))
    end
  end
  return answer
`);

/** The list of hosts in Redis, and how many workers they are to have. */
export class Roll {
  readonly #client: RedisClient;
  readonly #lifetime: number;
  /** What the clock of Redis showed, and ours at that moment. */
  #clock = { redis: 0, ours: 0 };

  /** A host that says nothing for `lifetime` milliseconds is off the list. */
  constructor(client: RedisClient, lifetime: number) {
    this.#client = client;
    this.#lifetime = lifetime;
  }

  /** Says that the host lives, reminds Redis of the wish should it have lost it, and gives all there is. */
  signIn(host: Entry, wish: Wish | undefined): Promise<Picture> {
    return this.#run(host.id, JSON.stringify(host), wish?.total ?? '', wish?.at ?? '', '');
  }

  /**
   * The same with a new wish, after a first `signIn`. One that reaches Redis later than `patience` milliseconds from now, after an
   * outage, changes nothing: whoever wished it has long been told that it failed.
   */
  wish(host: Entry, total: number, patience: number): Promise<Picture> {
    const until = this.#clock.redis + (performance.now() - this.#clock.ours) + patience;
    return this.#run(host.id, JSON.stringify(host), total, '', Math.ceil(until));
  }

  async signOut(id: string): Promise<void> {
    await this.#run(id, '', '', '', '');
  }

  async #run(
    ...[id, entry, total, at, until]: [string, string, number | '', number | '', number | '']
  ): Promise<Picture> {
    const answer = await signIn.run(this.#client, keys, [id, entry, this.#lifetime, total, at, until]);
    const [now, wishTotal = '', wishAt = '', ...rest] = z.array(z.string()).parse(answer);
    this.#clock = { redis: Number(now), ours: performance.now() };
    const hosts: Host[] = [];
    for (let index = 0; index + 1 < rest.length; index += 2) {
      const entry = entrySchema.safeParse(JSON.parse(rest[index] ?? ''));
      // One of another version of the program may look otherwise.
      if (entry.success) hosts.push({ ...entry.data, lastSeen: new Date(Number(rest[index + 1])).toISOString() });
    }
    return { hosts, wish: wishTotal === '' ? undefined : { total: Number(wishTotal), at: Number(wishAt) } };
  }
}
