import { join } from 'node:path';
import type { Server } from 'bun';
import { engineIds } from '#core/engines/registry.ts';
import { CancelledError } from '#core/errors.ts';
import type { Config } from './config.ts';
import { openDatabase } from './data/database.ts';
import { JobRepository } from './data/jobs.ts';
import { SessionRepository } from './data/sessions.ts';
import { UploadRepository } from './data/uploads.ts';
import { VoiceRepository } from './data/voices.ts';
import { LocalFileStore } from './files/local.ts';
import { openFleet } from './fleet/open-fleet.ts';
import { createApp } from './http/app.ts';
import { liveSockets, type SocketData } from './http/routes/live.ts';
import { JobService } from './jobs/job-service.ts';
import { Pace } from './jobs/pace.ts';
import { JobRunner } from './jobs/runner.ts';
import { SqliteQueue } from './jobs/sqlite-queue.ts';
import { type Rate, type RateKind, RateLimits } from './limits/rate-limits.ts';
import { LiveHub } from './live/hub.ts';
import { createLogger, type Logger } from './observe/log.ts';
import { Machine } from './observe/machine.ts';
import { Metrics } from './observe/metrics.ts';
import { paths, version } from './paths.ts';
import { Recordings } from './recordings.ts';
import { SampleCatalogue } from './samples.ts';
import { Targets } from './targets.ts';
import { UploadService } from './uploads.ts';
import { VoiceService } from './voices/voice-service.ts';
import type { ConvertHandlers } from './workers/convert-worker.ts';
import { openConvertPool } from './workers/open-pool.ts';
import { WorkerPool } from './workers/pool.ts';
import type { ProbeHandlers } from './workers/probe-worker.ts';
import type { AudioFile, WorkerSetup } from './workers/tasks.ts';
import type { VoiceHandlers } from './workers/voice-worker.ts';
import { spawnWorker } from './workers/worker-client.ts';

/** One thread that looks at uploads keeps up with many that convert. */
const probeWorkers = 1;
/** One that describes voices, so that saving a voice never waits for a long conversion. It starts with the first voice. */
const voiceWorkers = 1;

export interface RunningServer {
  readonly url: string;
  /** Stops taking requests and jobs, hands running jobs back to the queue, closes everything. */
  stop(): Promise<void>;
}

/** Puts the server together and starts it. Resolves once it listens; its workers load their engine meanwhile. */
export async function startServer(config: Config): Promise<RunningServer> {
  const log = createLogger(config.logLevel);
  const files = new LocalFileStore(config.dataFolder);
  await files.clearTemporary();
  const database = await openDatabase(join(config.dataFolder, 'giong.sqlite'));
  const samples = await SampleCatalogue.load(paths.samples);

  const { dataFolder, maxAudioSeconds, voiceCacheBytes } = config;
  const setup: WorkerSetup = { dataFolder, maxAudioSeconds, voiceCacheBytes };
  const start = (file: string) => () => spawnWorker(new URL(file, import.meta.url), setup);
  const probes = new WorkerPool<ProbeHandlers>(probeWorkers, start('./workers/probe-worker.ts'));
  const pool = openConvertPool(config, setup, log);
  const describers = new WorkerPool<VoiceHandlers>(voiceWorkers, start('./workers/voice-worker.ts'));
  const probe = (file: AudioFile) => probes.run('probe', file);

  const uploadRecords = new UploadRepository(database);
  const voiceRecords = new VoiceRepository(database);
  const jobRecords = new JobRepository(database);
  const queue = new SqliteQueue(database);
  const metrics = new Metrics(queue, pool);
  const machine = new Machine();
  const fleet = await openFleet(undefined, 'server', { pool, metrics }, log);
  const pace = new Pace(() => fleet.totalWorkers());
  metrics.watch({ machine, fleet, pool, dataFolder });
  const recordings = new Recordings(samples, uploadRecords, probe);
  const targets = new Targets(recordings, voiceRecords);
  const jobs = new JobService({ jobs: jobRecords, queue, files, recordings, targets, pace, engines: engineIds });
  const hub = new LiveHub(queue, jobs, log);
  const limitOf = (audioSeconds: number) => config.jobSecondsBase + config.jobSecondsFactor * audioSeconds;
  const runner = new JobRunner({
    queue,
    jobs: jobRecords,
    files,
    recordings,
    targets,
    pool,
    pace,
    metrics,
    log,
    limitOf,
  });

  const [recovered, restored] = [await queue.recover(), await jobs.restoreLost()];
  if (recovered + restored > 0) log.info({ recovered, restored }, 'unfinished jobs are back in line');
  runner.start();

  const workersReady = prepareWorkers(pool, samples, log);
  const app = createApp({
    config,
    log,
    sessions: new SessionRepository(database),
    uploads: new UploadService(uploadRecords, files, probe),
    voices: new VoiceService({ voices: voiceRecords, files, describers, engines: engineIds }),
    jobs,
    jobRecords,
    queue,
    pace,
    samples,
    rateLimits: new RateLimits(ratesOf(config), config.usersPerAddress),
    hub,
    metrics,
    pool,
    fleet,
    machine,
    engines: engineIds,
    async checkReadiness() {
      const isReachable = queue.counts().then(
        () => true,
        () => false,
      );
      return { database: await isReachable, workers: workersReady() };
    },
  });

  const server = Bun.serve<SocketData>({
    port: config.port,
    hostname: config.host,
    // Uploads have their own limit and their own words for it; this one only stops what is beyond all reason.
    maxRequestBodySize: 4 * config.maxUploadBytes + 2 ** 20,
    idleTimeout: 60,
    fetch: (request, self) => app.fetch(request, { server: self }),
    websocket: liveSockets(hub),
  });
  log.info({ url: server.url.href, version, workers: config.workers, dataFolder: config.dataFolder }, 'listening');

  return {
    url: addressOf(server),
    async stop() {
      await server.stop(true);
      hub.close();
      await Promise.all([fleet.close(), runner.stop(config.stopSeconds)]);
      machine.close();
      await queue.close();
      pool.stop();
      probes.stop();
      describers.stop();
      await database.destroy();
      log.info('stopped');
    },
  };
}

/**
 * Lets every worker load its engine before the first job comes. The answer tells whether that is done; asked after a failure, it
 * begins anew, so that a model file put back in place is found.
 */
function prepareWorkers(pool: WorkerPool<ConvertHandlers>, samples: SampleCatalogue, log: Logger): () => boolean {
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
    return state === 'ready';
  };
}

function ratesOf(config: Config): Record<RateKind, Rate> {
  const { rateGeneral: general, rateConvert: convert, rateVoices: voices, rateUpload: upload } = config;
  return { general, convert, voices, upload };
}

/** Where a browser on this machine finds the server. */
function addressOf(server: Server<SocketData>): string {
  const { hostname, port } = server;
  return `http://${hostname === '0.0.0.0' || hostname === '::' ? 'localhost' : hostname}:${port}`;
}
