import type { Server } from 'bun';
import { engineIds } from '#core/engines/registry.ts';
import type { Config } from './config.ts';
import { openAccess } from './data/access.ts';
import { type Foundation, openFoundation } from './foundation.ts';
import { createApp } from './http/app.ts';
import { liveSockets, type SocketData } from './http/routes/live.ts';
import { startJobHost } from './job-host.ts';
import { JobQuota } from './limits/job-quota.ts';
import { openRateLimits } from './limits/open-rate-limits.ts';
import { LiveHub } from './live/hub.ts';
import { openModels } from './models/open.ts';
import { createLogger } from './observe/log.ts';
import { version } from './paths.ts';
import { openRemoval, openStorage } from './storage/open.ts';
import { openSubmissions } from './submissions.ts';
import { UploadService } from './uploads.ts';
import { VoiceService } from './voices/voice-service.ts';
import { within } from './within.ts';
import { WorkerPool } from './workers/pool.ts';
import type { VoiceHandlers } from './workers/voice-worker.ts';
import { spawnWorker } from './workers/worker-client.ts';

/** One that describes voices, so that saving a voice never waits for a long conversion. It starts with the first voice. */
const voiceWorkers = 1;
/** A proxy that asks every second and believes the second answer has noticed by then. */
const proxyNoticesSeconds = 3;
/** What is not answered by then is cut off when the server stops, in milliseconds. */
const requestsEndMilliseconds = 10_000;
/** What takes longer to answer is not ready, in milliseconds. */
const readyMilliseconds = 1500;

export interface RunningServer {
  readonly url: string;
  /** Stops taking requests and jobs, hands running jobs back to the queue, closes everything. */
  stop(): Promise<void>;
}

/** Puts the server together and starts it. Resolves once it listens; its workers load their engine meanwhile. */
export async function startServer(config: Config): Promise<RunningServer> {
  const log = createLogger(config.logLevel);
  const foundation = await openFoundation(config, log);
  const { database, queue, files, jobs, pace, setup } = foundation;
  const limits = await openRateLimits(config, log);
  const host = await startJobHost(foundation, 'server');
  const describers = new WorkerPool<VoiceHandlers>(voiceWorkers, () =>
    spawnWorker(new URL('./workers/voice-worker.ts', import.meta.url), setup),
  );
  const uploads = new UploadService(foundation.uploadRecords, files, foundation.probe, foundation.quota);
  const access = openAccess(database);
  const { cleaner, storage } = openStorage(foundation, access.sessions, host.metrics);
  const submissions = openSubmissions(foundation, uploads);
  let isStopping = false;
  const hub = new LiveHub({ queue, jobs, pace, log });
  const models = openModels(foundation, hub);
  const app = createApp({
    ...foundation,
    ...host,
    ...submissions,
    ...access,
    uploads,
    voices: new VoiceService({ ...foundation, voices: foundation.voiceRecords, describers, engines: engineIds }),
    storage,
    removal: openRemoval(foundation, hub),
    rateLimits: limits.rateLimits,
    jobQuota: new JobQuota(foundation.jobRecords, config.quotaJobs),
    hub,
    ...models,
    isStopping: () => isStopping,
    checkReadiness: async () => ({ ...(await checkReachable(foundation)), workers: host.isReady() }),
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
      isStopping = true;
      const { drainSeconds = config.proxies > 0 ? proxyNoticesSeconds : 0 } = config;
      await Bun.sleep(drainSeconds * 1000);
      await models.downloads.stop();
      hub.close();
      await endRequests(server);
      await submissions.stop();
      await cleaner.stop();
      await host.stop();
      describers.stop();
      await limits.close();
      await foundation.close();
      log.info('stopped');
    },
  };
}

/** Lets the requests that are under way end, for a while. */
async function endRequests(server: Server<SocketData>): Promise<void> {
  const timer = setTimeout(() => void server.stop(true), requestsEndMilliseconds);
  await server.stop();
  clearTimeout(timer);
}

/** Whether database, queue and files answer now. */
async function checkReachable({
  queue,
  jobRecords,
  files,
}: Foundation): Promise<Record<'database' | 'queue' | 'files', boolean>> {
  const questions = [jobRecords.ping(), queue.counts(), files.ping()].map(answers);
  const [database = false, queueThere = false, filesThere = false] = await Promise.all(questions);
  return { database, queue: queueThere, files: filesThere };
}

/** Whether it succeeds soon: who asks whether we are ready waits for no outage to end. */
function answers(question: Promise<unknown>): Promise<boolean> {
  const answered = question.then(
    () => true,
    () => false,
  );
  return within(readyMilliseconds, answered, false);
}

/** Where a browser on this machine finds the server. */
function addressOf(server: Server<SocketData>): string {
  const { hostname, port } = server;
  return `http://${hostname === '0.0.0.0' || hostname === '::' ? 'localhost' : hostname}:${port}`;
}
