import { Counter, Gauge, type Registry } from 'prom-client';
import type { Fleet } from '../fleet/fleet.ts';
import type { PoolUsage, Replacements } from '../workers/pool.ts';
import { diskSpace, type Machine } from './machine.ts';

export interface SystemSources {
  readonly machine: Machine;
  readonly fleet: Pick<Fleet, 'hosts' | 'totalWorkers'>;
  readonly pool: { readonly usage: PoolUsage; readonly replacements: Replacements };
  readonly dataFolder: string;
}

/** Adds what Prometheus is told of machine, workers, caches and fleet; all are asked whenever a report is made. */
export function watchSystem(registry: Registry, { machine, fleet, pool, dataFolder }: SystemSources): void {
  const gauge = (name: string, help: string, measure: (gauge: Gauge) => void | Promise<void>, labels: string[] = []) =>
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      async collect() {
        await measure(this);
      },
    });

  gauge(
    'giong_cpu_busy_ratio',
    'Share of a core that was busy over the last seconds, 0 to 1',
    (to) => {
      for (const [core, busy] of machine.load.cores.entries()) to.set({ core }, busy / 100);
    },
    ['core'],
  );
  const traffic = 'Bytes per second over the last seconds, of the whole machine';
  gauge(
    'giong_machine_traffic_bytes_per_second',
    traffic,
    (to) => {
      const { diskRead, diskWritten, networkReceived, networkSent } = machine.load;
      for (const [what, rate] of Object.entries({ diskRead, diskWritten, networkReceived, networkSent })) {
        to.set({ what: what.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`) }, rate);
      }
    },
    ['what'],
  );
  gauge(
    'giong_disk_bytes',
    'Room on the disk of the data folder',
    async (to) => {
      const { totalBytes, freeBytes } = await diskSpace(dataFolder);
      to.set({ state: 'free' }, freeBytes);
      to.set({ state: 'used' }, totalBytes - freeBytes);
    },
    ['state'],
  );

  gauge('giong_worker_memory_bytes', 'What all workers of this process hold', (to) => to.set(pool.usage.memoryBytes));
  new Counter({
    name: 'giong_worker_replacements_total',
    help: 'Workers replaced because they died (crashed), did not stop when told (stuck) or held too much (memory)',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(pool.replacements)) this.inc({ reason }, count);
    },
  });
  gauge(
    'giong_cache_bytes',
    'What the caches of all workers of this process hold (used) and may hold (budget)',
    (to) => {
      for (const [cache, { bytes, budgetBytes }] of Object.entries(pool.usage.caches)) {
        to.set({ cache, what: 'used' }, bytes);
        to.set({ cache, what: 'budget' }, budgetBytes);
      }
    },
    ['cache', 'what'],
  );

  gauge('giong_fleet_workers', 'Workers of all hosts', (to) => to.set(fleet.totalWorkers()));
  gauge(
    'giong_fleet_hosts',
    'Processes of the fleet',
    async (to) => {
      const hosts = await fleet.hosts();
      for (const role of ['server', 'worker']) to.set({ role }, hosts.filter((host) => host.role === role).length);
    },
    ['role'],
  );
}
