import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import type { SystemStats } from '../http/api-types.ts';
import type { Services } from '../http/context.ts';
import { version } from '../paths.ts';
import { latencyOf } from './latency.ts';
import { diskSpace } from './machine.ts';

/** What is told of job times is of so long before now, as of the throughput, and of so many jobs at most. */
const latencyMilliseconds = 5 * 60_000;
const latencyJobs = 500;

type Sources = Pick<Services, 'queue' | 'jobRecords' | 'pool' | 'fleet' | 'machine' | 'config'>;

/** What there is to know of machine, process and fleet at this moment. */
export async function systemStats({ queue, jobRecords, pool, fleet, machine, config }: Sources): Promise<SystemStats> {
  const latencySince = new Date(Date.now() - latencyMilliseconds).toISOString();
  const [{ queued, active }, outcomes, times, hosts, disk] = await Promise.all([
    queue.counts(),
    jobRecords.countOutcomes(),
    jobRecords.timesSince(latencySince, latencyJobs),
    fleet.hosts(),
    diskSpace(config.dataFolder),
  ]);
  const { load } = machine;
  const { memoryBytes: workersBytes, caches } = pool.usage;
  return {
    version,
    uptimeSeconds: process.uptime(),
    cores: availableParallelism(),
    workers: { total: pool.size, busy: pool.busy },
    replacedWorkers: pool.replacements,
    loadAverage: loadavg(),
    cpu: { percent: sum(load.cores) / Math.max(1, load.cores.length), perCore: [...load.cores] },
    memory: {
      processBytes: process.memoryUsage.rss(),
      workersBytes,
      totalBytes: totalmem(),
      freeBytes: freemem(),
    },
    disk: { ...disk, readPerSecond: load.diskRead, writtenPerSecond: load.diskWritten },
    network: { receivedPerSecond: load.networkReceived, sentPerSecond: load.networkSent },
    eventLoop: { meanSeconds: load.delay.mean, p99Seconds: load.delay.p99, maxSeconds: load.delay.max },
    caches: { ...caches },
    jobs: { queued: sum(Object.values(queued)), active, ...outcomes },
    latency: latencyOf(times),
    fleet: {
      workers: fleet.totalWorkers(),
      busy: sum(hosts.map(({ busy }) => busy)),
      jobsPerMinute: sum(hosts.map(({ jobsPerMinute }) => jobsPerMinute)),
      hosts: [...hosts],
    },
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
