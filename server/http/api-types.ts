/**
 * The types of the HTTP API, for clients: types only, nothing of this file exists at run time.
 *
 * How a browser uses it: `GET /api/session` first (sets the session cookie, tells the limits), then open the WebSocket
 * `/ws?language=vi|en`, which greets with `hello` and from then on tells of every change of the session's jobs.
 * Programs that are no browser need no cookie: with `Authorization: Bearer` and an API key they open the key's workspace.
 * Every POST may carry an `Idempotency-Key`: sent again, it gives the first answer and creates nothing anew.
 * Every answer is worded in the language of `Accept-Language`; failures are `application/problem+json` (`Problem`).
 */
import type { z } from 'zod';
import type * as batches from './schemas/batches.ts';
import type * as engineSchemas from './schemas/engines.ts';
import type * as keys from './schemas/keys.ts';
import type { modelListSchema, modelSchema } from './schemas/models.ts';
import type { scaleAnswerSchema, scaleRequestSchema, systemStatsSchema } from './schemas/system.ts';
import type { deliveryListSchema } from './schemas/webhooks.ts';
import type * as workspaceSchemas from './schemas/workspace.ts';
import type * as schemas from './schemas.ts';

export type Problem = z.infer<typeof schemas.problemSchema>;

/** `GET /api/session` */
export type Session = z.infer<typeof schemas.sessionSchema>;

/** `POST /api/uploads` (multipart, field `file`) → 201; `GET /api/uploads` → `UploadList`; `DELETE /api/uploads/{id}` → 204 */
export type Upload = z.infer<typeof schemas.uploadSchema>;
/** `POST /api/uploads/resumable` and on: tus 1.0 */
export type ResumableUpload = z.infer<typeof schemas.resumableUploadSchema>;
export type UploadList = z.infer<typeof schemas.uploadListSchema>;

/** Body of `POST /api/convert` as JSON: exactly one of `reference` and `voice`. → 202 `JobCreated` */
export type ConvertRequest = z.input<typeof schemas.convertRequestSchema>;
export type JobCreated = z.infer<typeof schemas.jobCreatedSchema>;

/** `GET /api/jobs/{id}`; `GET /api/jobs` → `JobList`, newest first; `DELETE /api/jobs/{id}` → the job, cancelled; with `?purge=true`, an ended job and its result are deleted → 204 */
export type Job = z.infer<typeof schemas.jobSchema>;
export type JobStatus = Job['status'];
export type JobError = z.infer<typeof schemas.jobErrorSchema>;
export type JobResult = z.infer<typeof schemas.jobResultSchema>;
export type JobList = z.infer<typeof schemas.jobListSchema>;

/**
 * `GET /api/voices` → `VoiceList`: the samples, then the session's own, newest first.
 * `POST /api/voices` (multipart `references` one or more, `name`, `consent` = `true`) → 201; `POST /api/voices/import` (multipart
 * `file`, `name`, `consent`) → 201; `GET /api/voices/{id}`; `PATCH /api/voices/{id}` with `VoiceChange`; `DELETE` → 204;
 * `GET /api/voices/{id}/export` → the file that `import` takes.
 */
export type Voice = z.infer<typeof schemas.voiceSchema>;
export type VoiceList = z.infer<typeof schemas.voiceListSchema>;

export type VoiceQuality = z.infer<typeof schemas.voiceQualitySchema>;
export type VoiceChange = z.input<typeof schemas.voiceChangeSchema>;

/**
 * `POST /api/keys` with `NewKey` → 201 `KeyCreated`, the only time that the key is shown; `GET /api/keys` → `KeyList`;
 * `DELETE /api/keys/{id}` → 204.
 */
export type Key = z.infer<typeof keys.keySchema>;
export type KeyCreated = z.infer<typeof keys.keyCreatedSchema>;
export type KeyList = z.infer<typeof keys.keyListSchema>;
export type NewKey = z.input<typeof keys.newKeySchema>;

/** `GET /api/webhooks/deliveries` */
export type WebhookDelivery = WebhookDeliveryList['deliveries'][number];
export type WebhookDeliveryList = z.infer<typeof deliveryListSchema>;

/** `GET /api/samples`; `GET /api/samples/{id}/audio` serves recordings and sample voices alike */
export type Sample = z.infer<typeof schemas.sampleSchema>;
export type SampleList = z.infer<typeof schemas.sampleListSchema>;

/** `GET /api/workspace`; `DELETE` removes all that it has, and every way into it → 204 */
export type Workspace = z.infer<typeof workspaceSchemas.workspaceSchema>;
/** `GET /api/models` → `ModelList`; `POST /api/models/{id}/download` (admin) → 202, or 200 when it is here already */
export type Model = z.infer<typeof modelSchema>;
export type ModelList = z.infer<typeof modelListSchema>;

/** `GET /api/engines` */
export type Engine = z.infer<typeof engineSchemas.engineSchema>;
export type EngineList = z.infer<typeof engineSchemas.engineListSchema>;

/** `GET /api/queue/status` */
export type QueueStatus = z.infer<typeof schemas.queueStatusSchema>;

/** `GET /api/system/stats` */
export type SystemStats = z.infer<typeof systemStatsSchema>;

/** `POST /api/system/scale` */
export type ScaleRequest = z.input<typeof scaleRequestSchema>;
export type ScaleAnswer = z.infer<typeof scaleAnswerSchema>;

/** Each message of `/ws` is one of these, as JSON. */
export type LiveMessage = z.infer<typeof schemas.liveMessageSchema>;

/**
 * `POST /api/batches` (JSON, or multipart with several `sources` and maybe `reference`) → 202 `BatchCreated`;
 * `GET /api/batches` → `BatchList`, newest first; `GET /api/batches/{id}`; `DELETE` cancels what is unfinished;
 * `GET /api/batches/{id}/result` → ZIP. Live news are of the jobs, which carry `batchId`.
 */
export type BatchRequest = z.input<typeof batches.batchRequestSchema>;
export type BatchCreated = z.infer<typeof batches.batchCreatedSchema>;
export type BatchSummary = z.infer<typeof batches.batchSummarySchema>;
export type Batch = z.infer<typeof batches.batchSchema>;
export type BatchList = z.infer<typeof batches.batchListSchema>;
