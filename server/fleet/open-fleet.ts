import { availableParallelism, hostname } from 'node:os';
import type { Logger } from '../observe/log.ts';
import { version } from '../paths.ts';
import type { RedisSettings } from '../redis/settings.ts';
import type { Fleet, Host, HostParts } from './fleet.ts';
import { LocalFleet } from './local-fleet.ts';
import { RedisFleet } from './redis-fleet.ts';

/** The fleet that this process belongs to: all on the same Redis, or itself alone. A process started with workers works. */
export async function openFleet(
  settings: RedisSettings | undefined,
  role: Host['role'],
  parts: HostParts,
  log: Logger,
): Promise<Fleet> {
  const identity = { name: hostname(), role, works: parts.pool.size > 0, cores: availableParallelism(), version };
  return settings ? RedisFleet.open(settings, identity, parts, { log }) : new LocalFleet(identity, parts);
}
