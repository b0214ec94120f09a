import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Server } from 'bun';
import type { Context } from 'hono';
import { InputError } from '#core/errors.ts';
import type { BatchService } from '../batches/batch-service.ts';
import type { Config } from '../config.ts';
import type { ApiKeyRepository } from '../data/api-keys.ts';
import type { IdempotencyRepository } from '../data/idempotency.ts';
import type { JobRepository } from '../data/jobs.ts';
import type { SessionRepository } from '../data/sessions.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { LoadMeter } from '../jobs/load-meter.ts';
import type { Pace } from '../jobs/pace.ts';
import type { JobQueue, Priority } from '../jobs/queue.ts';
import type { Language } from '../language.ts';
import type { JobQuota } from '../limits/job-quota.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import type { LiveHub } from '../live/hub.ts';
import type { ModelDownloads } from '../models/downloads.ts';
import type { EngineCatalogue } from '../models/engines.ts';
import type { ModelLibrary } from '../models/library.ts';
import type { Logger } from '../observe/log.ts';
import type { Machine } from '../observe/machine.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { SampleCatalogue } from '../samples.ts';
import type { WorkspaceRemoval } from '../storage/workspace-removal.ts';
import type { WorkspaceStorage } from '../storage/workspace-storage.ts';
import type { ResumableUploads } from '../uploads/resumable-uploads.ts';
import type { UploadService } from '../uploads.ts';
import type { VoiceService } from '../voices/voice-service.ts';
import type { WebhookSender } from '../webhooks/webhook-sender.ts';
import type { ConvertHandlers } from '../workers/convert-worker.ts';
import type { WorkerPool } from '../workers/pool.ts';
import type { BodyDigest } from './body-digest.ts';
import type { SocketData } from './routes/live.ts';

/** All that the routes work with, made in `main.ts`. */
export interface Services {
  readonly config: Config;
  readonly log: Logger;
  readonly sessions: SessionRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly idempotency: IdempotencyRepository;
  readonly uploads: UploadService;
  readonly voices: VoiceService;
  readonly storage: WorkspaceStorage;
  readonly removal: WorkspaceRemoval;
  readonly jobs: JobService;
  readonly batches: BatchService;
  readonly webhooks: WebhookSender;
  readonly resumable: ResumableUploads;
  readonly jobRecords: JobRepository;
  readonly queue: JobQueue;
  readonly pace: Pace;
  readonly load: LoadMeter;
  readonly samples: SampleCatalogue;
  readonly library: ModelLibrary;
  readonly downloads: ModelDownloads;
  readonly catalogue: EngineCatalogue;
  readonly rateLimits: RateLimits;
  readonly jobQuota: JobQuota;
  readonly hub: LiveHub;
  readonly metrics: Metrics;
  readonly pool: WorkerPool<ConvertHandlers>;
  readonly fleet: Fleet;
  readonly machine: Machine;
  /** Whether the server is on its way out. */
  readonly isStopping: () => boolean;
  /** Whether each thing that the server depends on is there now. */
  readonly checkReadiness: () => Promise<Record<string, boolean>>;
}

/** Who asks. */
export interface Visitor {
  /** By what the visitor is known: a session's cookie (or nothing yet), an API key, the operator's key, or a key that opens nothing. */
  readonly access: 'session' | 'key' | 'admin' | 'refused';
  /** The highest that the visitor's jobs may have. */
  readonly priority: Priority;
  /** The workspace of the session or key, undefined for a visitor without one. */
  find(): Promise<string | undefined>;
  /** The same; makes a session for a visitor without one and sets its cookie. */
  workspace(): Promise<string>;
  /** Whether cookie or key still open the workspace: asked anew each time, for what lasts longer than a request. */
  isStillKnown(): Promise<boolean>;
  /** Ends the session, where there is one. */
  forget(): Promise<void>;
}

export interface AppEnv {
  Bindings: { server: Server<SocketData> };
  Variables: { requestId: string; language: Language; log: Logger; visitor: Visitor; bodyDigest?: BodyDigest };
}

export type App = OpenAPIHono<AppEnv>;
export type AppContext = Context<AppEnv>;

/** The workspace where something of the visitor's is looked for. One without a session owns nothing: throws `InputError('not-found')`. */
export async function ownWorkspace(c: AppContext): Promise<string> {
  const workspaceId = await c.var.visitor.find();
  if (workspaceId === undefined) throw new InputError('not-found');
  return workspaceId;
}
