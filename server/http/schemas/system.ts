// From here rather than from 'zod': schemas made before its extension is loaded could not be described in OpenAPI.
import { z } from '@hono/zod-openapi';

const bytes = z.int().nonnegative();
const perSecond = z.number().nonnegative().meta({ description: 'Bytes per second, over the last seconds' });
const percent = z.number().min(0).max(100);
const time = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });
const count = z.int().nonnegative();
const seconds = z.number().nonnegative();
const jobsPerMinute = z.number().nonnegative().meta({ description: 'Jobs done, over the last minutes' });

const hostSchema = z
  .object({
    id: z.string(),
    name: z.string().meta({ description: "The machine's name" }),
    role: z.enum(['server', 'worker']),
    works: z.boolean().meta({ description: 'Whether workers are dealt out to it' }),
    workers: count,
    busy: count,
    cores: count,
    memoryBytes: bytes,
    jobsPerMinute,
    version: z.string(),
    startedAt: time,
    lastSeen: time,
  })
  .meta({ id: 'Host' });

const cacheSchema = z
  .object({ entries: count, bytes, budgetBytes: bytes, hits: count, misses: count })
  .meta({ id: 'CacheUse', description: 'All workers of this process together' });

const percentilesSchema = z.object({ p50: seconds, p95: seconds }).nullable();

export const systemStatsSchema = z
  .object({
    version: z.string(),
    uptimeSeconds: z.number().nonnegative(),
    cores: count,
    workers: z.object({ total: count, busy: count }).meta({ description: 'Of this process' }),
    replacedWorkers: z
      .object({ crashed: count, stuck: count, memory: count })
      .meta({ description: 'Died, did not stop when told, held too much memory; since the start' }),
    loadAverage: z.array(z.number()),
    cpu: z.object({ percent, perCore: z.array(percent) }).meta({ description: 'Busy, over the last seconds' }),
    memory: z.object({ processBytes: bytes, workersBytes: bytes, totalBytes: bytes, freeBytes: bytes }),
    disk: z
      .object({ totalBytes: bytes, freeBytes: bytes, readPerSecond: perSecond, writtenPerSecond: perSecond })
      .meta({ description: 'Room where the data folder is; traffic of all disks, 0 where the system does not tell' }),
    network: z
      .object({ receivedPerSecond: perSecond, sentPerSecond: perSecond })
      .meta({ description: 'Traffic of the machine, loopback left out, 0 where the system does not tell' }),
    eventLoop: z
      .object({ meanSeconds: z.number(), p99Seconds: z.number(), maxSeconds: z.number() })
      .meta({ description: 'Delay of this process, over the last seconds' }),
    caches: z.record(z.string(), cacheSchema),
    jobs: z.record(z.enum(['queued', 'active', 'done', 'failed', 'cancelled']), count),
    latency: z.object({ jobs: count, wait: percentilesSchema, work: percentilesSchema }).meta({
      description:
        'Seconds that conversions waited in line and were worked on, of all hosts over the last five minutes; null without any',
    }),
    fleet: z.object({ workers: count, busy: count, jobsPerMinute, hosts: z.array(hostSchema) }),
  })
  .meta({ id: 'SystemStats' });

export const scaleRequestSchema = z
  .strictObject({ new_worker_count: z.int().min(1).max(64) })
  .meta({ id: 'ScaleRequest' });

export const scaleAnswerSchema = z
  .object({
    workers: count.meta({ description: 'How many the fleet is to have' }),
    previousWorkers: count.meta({ description: 'How many it had' }),
    hosts: z.array(z.object({ id: z.string(), name: z.string(), workers: count })),
  })
  .meta({ id: 'ScaleAnswer' });
