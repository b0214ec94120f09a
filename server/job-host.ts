import { engineIds } from '#core/engines/registry.ts';
import { CancelledError } from '#core/errors.ts';
import type { Fleet, Host } from './fleet/fleet.ts';
import { openFleet } from './fleet/open-fleet.ts';
import type { Foundation } from './foundation.ts';
import { JobRunner } from './jobs/runner.ts';
import { Machine } from './observe/machine.ts';
import { Metrics } from './observe/metrics.ts';
import type { ConvertHandlers } from './workers/convert-worker.ts';
import { openConvertPool } from './workers/open-pool.ts';
import type { WorkerPool } from './workers/pool.ts';

/** How often jobs are looked for that the database knows and the queue has lost, in milliseconds. */
const restoreInterval = 10_000;

/** The part of a process that converts. */
export interface JobHost {
  readonly pool: WorkerPool<ConvertHandlers>;
  readonly metrics: Metrics;
  readonly machine: Machine;
  readonly fleet: Fleet;
  /** Whether every worker has loaded its engine. */
  isReady(): boolean;
  /** Takes no more jobs, lets running ones end for a while or hands them back, leaves the fleet, ends the workers. */
  stop(): Promise<void>;
}

/** Puts unfinished jobs back in line and begins to take jobs, as many at once as the configuration has workers. */
export async function startJobHost(foundation: Foundation, role: Host['role']): Promise<JobHost> {
  const { config, log, queue, jobs, setup } = foundation;
  const pool = openConvertPool(config, setup, log);
  const metrics = new Metrics(queue, pool);
  const machine = new Machine();
  const fleet = await openFleet(config.redis, role, { pool, metrics }, log);
  foundation.pace.follow(() => fleet.totalWorkers());
  metrics.watch({ machine, fleet, pool, dataFolder: config.dataFolder });
  const limitOf = (audioSeconds: number) => config.jobSecondsBase + config.jobSecondsFactor * audioSeconds;
  const runner = new JobRunner({ ...foundation, jobs: foundation.jobRecords, pool, metrics, limitOf });
  const [recovered, restored] = [await queue.recover(), await jobs.restoreLost()];
  if (recovered + restored > 0) log.info({ recovered, restored }, 'unfinished jobs are back in line');
  runner.start();
  const isReady = prepareWorkers(pool, foundation);
  const restoring = setInterval(() => void restoreLost(foundation), restoreInterval);
  return {
    pool,
    metrics,
    machine,
    fleet,
    isReady,
    async stop() {
      clearInterval(restoring);
      await Promise.all([fleet.close(), runner.stop(config.stopSeconds)]);
      machine.close();
      pool.stop();
    },
  };
}

/** A failover of Redis can lose what it had accepted. */
async function restoreLost({ jobs, log }: Foundation): Promise<void> {
  try {
    const restored = await jobs.restoreLost();
    if (restored > 0) log.warn({ restored }, 'the queue had lost jobs, which are back in line');
  } catch (error) {
    log.warn({ err: error }, 'lost jobs could not be looked for');
  }
}

/**
 * Lets every worker load its engine before the first job comes. The answer tells whether that is done; asked after a failure, it
 * begins anew, so that a model file put back in place is found.
 */
function prepareWorkers(pool: WorkerPool<ConvertHandlers>, { samples, log }: Foundation): () => boolean {
  const [voice] = samples.list('voice');
  const [engine] = engineIds;
  let state: 'idle' | 'loading' | 'ready' = pool.size === 0 || !voice || !engine ? 'ready' : 'idle';
  const load = () => {
    if (state !== 'idle' || !voice || !engine) return;
    state = 'loading';
    pool.runOnEach('prepare', { voice: { kind: 'sample', id: voice.id }, engine }).then(
      () => {
        state = 'ready';
        log.info({ workers: pool.size }, 'workers ready');
      },
      (error: unknown) => {
        state = 'idle';
        if (!(error instanceof CancelledError)) log.error({ err: error }, 'the workers could not load their engine');
      },
    );
  };
  load();
  return () => {
    load();
    return pool.size === 0 || state === 'ready';
  };
}
