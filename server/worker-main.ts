import { UnavailableError } from '#core/errors.ts';
import type { Config } from './config.ts';
import { openFoundation } from './foundation.ts';
import { startWorkerReports } from './http/worker-reports.ts';
import { startJobHost } from './job-host.ts';
import { createLogger } from './observe/log.ts';
import { version } from './paths.ts';

export interface RunningWorker {
  /** Hands running jobs back to the queue and closes everything. */
  stop(): Promise<void>;
}

/** A process that only converts: it takes jobs that servers have put in line. Throws `UnavailableError('redis-missing')`. */
export async function startWorkerProcess(config: Config): Promise<RunningWorker> {
  if (!config.redis) throw new UnavailableError('redis-missing');
  const log = createLogger(config.logLevel);
  const foundation = await openFoundation(config, log);
  const host = await startJobHost(foundation, 'worker');
  const reports = startWorkerReports(config, host, log);
  log.info({ version, workers: config.workers, dataFolder: config.dataFolder }, 'working');
  return {
    async stop() {
      await reports?.stop();
      await host.stop();
      await foundation.close();
      log.info('stopped');
    },
  };
}
