import { engineIds } from '#core/engines/registry.ts';
import type { Config } from './config.ts';
import { claimFolder } from './data/claim.ts';
import { claimDatabase } from './data/claim-database.ts';
import { type Database, openMainDatabase, openQueueDatabase } from './data/database.ts';
import { JobRepository } from './data/jobs.ts';
import { UploadRepository } from './data/uploads.ts';
import { UsageRepository } from './data/usage.ts';
import { VoiceRepository } from './data/voices.ts';
import { fileStoreSettings, openFileStore } from './files/open.ts';
import type { FileStore } from './files/store.ts';
import { BullQueue } from './jobs/bull-queue.ts';
import { JobService } from './jobs/job-service.ts';
import { LoadMeter } from './jobs/load-meter.ts';
import { Pace } from './jobs/pace.ts';
import type { JobQueue } from './jobs/queue.ts';
import { SqliteQueue } from './jobs/sqlite-queue.ts';
import { ModelLibrary } from './models/library.ts';
import type { Logger } from './observe/log.ts';
import { paths } from './paths.ts';
import { Recordings } from './recordings.ts';
import { SampleCatalogue } from './samples.ts';
import { StorageQuota } from './storage/quota.ts';
import { Targets } from './targets.ts';
import { WorkerPool } from './workers/pool.ts';
import type { ProbeHandlers } from './workers/probe-worker.ts';
import type { AudioFile, ProbeResult, WorkerSetup } from './workers/tasks.ts';
import { spawnWorker } from './workers/worker-client.ts';

/** One thread that looks at recordings keeps up with many that convert. It starts with the first recording. */
const probeWorkers = 1;

/** What every process that has to do with jobs stands on, whether it answers requests, converts, or both. */
export interface Foundation {
  readonly config: Config;
  readonly log: Logger;
  readonly database: Database;
  readonly files: FileStore;
  readonly usage: UsageRepository;
  readonly quota: StorageQuota;
  readonly queue: JobQueue;
  readonly samples: SampleCatalogue;
  readonly uploadRecords: UploadRepository;
  readonly voiceRecords: VoiceRepository;
  readonly jobRecords: JobRepository;
  readonly recordings: Recordings;
  readonly targets: Targets;
  readonly pace: Pace;
  readonly load: LoadMeter;
  readonly jobs: JobService;
  readonly library: ModelLibrary;
  readonly setup: WorkerSetup;
  /** Decodes and checks a recording in a thread of its own. */
  readonly probe: (file: AudioFile) => Promise<ProbeResult>;
  close(): Promise<void>;
}

/** Opens database, files and queue. Throws when one of them cannot be reached, `UnavailableError('data-in-use')` when a process without Redis has the folder or the PostgreSQL. */
export async function openFoundation(config: Config, log: Logger): Promise<Foundation> {
  const claim = config.redis ? undefined : claimFolder(config.dataFolder);
  const { databaseUrl } = config;
  const databaseClaim = config.redis || databaseUrl === undefined ? undefined : await claimDatabase(databaseUrl, log);
  const storage = fileStoreSettings(config);
  const files = openFileStore(storage);
  const database = await openMainDatabase(config);
  const queueDatabase = config.redis ? database : await openQueueDatabase(config, database);
  const queue = config.redis ? await BullQueue.open(config.redis, { log }) : new SqliteQueue(queueDatabase);
  const samples = await SampleCatalogue.load(paths.samples);
  const { dataFolder, maxAudioSeconds, voiceCacheBytes, modelCacheBytes } = config;
  const setup: WorkerSetup = { storage, dataFolder, maxAudioSeconds, voiceCacheBytes, modelCacheBytes };
  const probes = new WorkerPool<ProbeHandlers>(probeWorkers, () =>
    spawnWorker(new URL('./workers/probe-worker.ts', import.meta.url), setup),
  );
  const probe = (file: AudioFile) => probes.run('probe', file);
  const uploadRecords = new UploadRepository(database);
  const voiceRecords = new VoiceRepository(database);
  const jobRecords = new JobRepository(database);
  const recordings = new Recordings(samples, uploadRecords, probe);
  const targets = new Targets(recordings, voiceRecords);
  const usage = new UsageRepository(database);
  const quota = new StorageQuota(usage, config.quotaBytes);
  const pace = new Pace(() => config.workers);
  const load = new LoadMeter(queue, jobRecords);
  const library = await ModelLibrary.open(config.dataFolder);
  const jobs = new JobService({
    ...{ jobs: jobRecords, queue, files, recordings, targets, quota, pace, load, engines: engineIds, log },
    manifest: () => library.currentManifest(),
  });
  return {
    ...{ config, log, database, files, queue, samples, uploadRecords, voiceRecords, jobRecords, recordings, targets },
    ...{ usage, quota, pace, load, jobs, library, setup, probe },
    async close() {
      await queue.close();
      probes.stop();
      await queueDatabase.destroy();
      await database.destroy();
      await databaseClaim?.release();
      claim?.release();
    },
  };
}
