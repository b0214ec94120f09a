import type { Config } from '../config.ts';
import type { Logger } from '../observe/log.ts';
import { allowedCores } from './affinity.ts';
import type { ConvertHandlers } from './convert-worker.ts';
import { WorkerPool } from './pool.ts';
import type { WorkerSetup } from './tasks.ts';
import { spawnWorker } from './worker-client.ts';

type PoolConfig = Pick<Config, 'workers' | 'pin' | 'workerMemory' | 'processMemory'>;

/** The workers that convert, as the configuration wants them: how many, on which cores, with how much memory. */
export function openConvertPool(config: PoolConfig, setup: WorkerSetup, log: Logger): WorkerPool<ConvertHandlers> {
  const { workers, pin, workerMemory, processMemory } = config;
  const spawn = () => spawnWorker(new URL('./convert-worker.ts', import.meta.url), setup);
  const cores = pin === 'true' ? coresToPin(log) : undefined;
  return new WorkerPool<ConvertHandlers>(workers, spawn, { log, cores, workerMemory, processMemory });
}

function coresToPin(log: Logger): number[] | undefined {
  try {
    return allowedCores();
  } catch (error) {
    log.info({ reason: String(error) }, 'workers are not pinned to cores');
    return undefined;
  }
}
