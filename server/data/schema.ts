import type { Insertable, Selectable } from 'kysely';
import type { Language } from '../language.ts';

/**
 * The tables, as Kysely sees them. Times are ISO 8601 UTC text, JSON is text: the same in SQLite and PostgreSQL.
 * An unfinished job is queued or active, which only the queue knows; the table has the last word on what exists and how it ended.
 */
export interface Schema {
  sessions: SessionTable;
  uploads: UploadTable;
  voices: VoiceTable;
  jobs: JobTable;
  queue_entries: QueueEntryTable;
  leases: LeaseTable;
  api_keys: ApiKeyTable;
  idempotent_requests: IdempotentRequestTable;
  batches: BatchTable;
  webhook_deliveries: WebhookDeliveryTable;
  webhook_secrets: WebhookSecretTable;
  resumable_uploads: ResumableUploadTable;
}

interface SessionTable {
  /** SHA-256 of the cookie's token, hex: who reads the database can't take a session over. */
  token_hash: string;
  workspace_id: string;
  created_at: string;
  /** Kept to the day; null for a session that older versions made. */
  used_at: string | null;
  /** Null for a token of older versions, which ends once its successor is used. */
  expires_at: string | null;
  /** When a successor was last given out; null while the token is young. */
  renewed_at: string | null;
  /** Hash of the token that this one came for, until it is used for the first time. */
  replaces: string | null;
}

interface ApiKeyTable {
  id: string;
  workspace_id: string;
  name: string;
  priority: 'paid' | 'normal';
  /** SHA-256 of the key, hex. */
  key_hash: string;
  /** The key's last characters, by which its owner tells it from others. */
  key_ending: string;
  created_at: string;
  /** Kept to the minute. */
  last_used_at: string | null;
}

/** Requests with an `Idempotency-Key`: those that run, and the answers of those that are done. */
interface IdempotentRequestTable {
  /** SHA-256 of the workspace and the client's key, hex. */
  key_hash: string;
  /** Who works on it, or did. */
  owner: string;
  /** While it runs: until when, unless its owner says that it goes on. Afterwards: until when the answer is kept. */
  expires_at: string;
  /** SHA-256 of method, path and body, hex; null while it runs. */
  fingerprint: string | null;
  /** The answer, encrypted with a key that comes from the client's; null while it runs. */
  answer: string | null;
}

interface UploadTable {
  id: string;
  workspace_id: string;
  name: string;
  bytes: number;
  seconds: number;
  format: string;
  sha256: string;
  created_at: string;
}

interface VoiceTable {
  id: string;
  workspace_id: string;
  name: string;
  /** JSON: ids of the engines that the profile serves. */
  engines: string;
  /** Seconds of speech that the profile was made from. */
  speech_seconds: number;
  /** JSON of `VoiceQuality`; null for a voice that came as a profile. */
  quality: string | null;
  /** Size and hash of the stored profile. */
  bytes: number;
  sha256: string;
  /** When the user said that the owner of the voice agrees. */
  consented_at: string;
  /** 1, or 0 for a voice that was sent for conversions alone: it is in no list, and goes like an upload. */
  listed: number;
  created_at: string;
}

export type Outcome = 'done' | 'failed' | 'cancelled';

interface JobTable {
  id: string;
  workspace_id: string;
  priority: 'admin' | 'paid' | 'normal';
  engine: string;
  source_id: string;
  source_name: string;
  source_seconds: number;
  /** Id of a voice, a sample or an upload. */
  voice_id: string;
  voice_name: string;
  /** JSON of the conversion's options. */
  options: string;
  created_at: string;
  /** Names all that decides the result (jobs/content-key.ts); null for jobs of older versions. */
  content_key: string | null;
  /** The earlier job whose result is this one's too; null for a result of its own. */
  result_job_id: string | null;
  /** The batch that it came in, and its place there from 0; null for a job that came alone. */
  batch_id: string | null;
  batch_position: number | null;
  started_at: string | null;
  finished_at: string | null;
  /** Null while queued or active. */
  outcome: Outcome | null;
  error_code: string | null;
  /** JSON of the values that the error's text mentions. */
  error_details: string | null;
  /** Last part of the stored file's key; null without a result, and for results of older versions, which the job's id names. */
  result_file: string | null;
  result_bytes: number | null;
  result_seconds: number | null;
  result_sample_rate: number | null;
  /** Of the result and the voice, −1..1; null when it was not asked for or could not be told. */
  similarity: number | null;
}

/** Rows of the embedded queue; a job leaves it when it ends. */
export interface QueueEntryTable {
  job_id: string;
  workspace_id: string;
  /** 0 is the most urgent. */
  priority: number;
  /** Whose turn it is within a priority, in seconds of audio (jobs/fairness.ts); the smallest comes first. */
  turn: number;
  /** Where the workspace's next turn begins at the earliest. */
  turn_end: number;
  /** Order of arrival, which decides between equal turns. */
  sequence: number;
  /** Seconds of source audio. */
  seconds: number;
  /** How often a worker has begun it. */
  attempts: number;
  /** When the present attempt began, null while it waits. */
  taken_at: string | null;
}

/** Work that one process of all does at a time. */
interface LeaseTable {
  name: string;
  /** Until then nobody else begins it. */
  until: string;
}

/** Many sources and one voice, asked for at once. What became of it, its jobs know. */
interface BatchTable {
  id: string;
  workspace_id: string;
  name: string;
  voice_id: string;
  voice_name: string;
  created_at: string;
}

export type DeliveryError = 'timeout' | 'unreachable' | 'webhook-refused' | 'not-found';

/** An end that another server is to hear of. The row is there from the request on, and goes some days after it was heard or given up. */
interface WebhookDeliveryTable {
  id: string;
  workspace_id: string;
  subject: 'job' | 'batch';
  /** Id of the job or batch. */
  subject_id: string;
  url: string;
  attempts: number;
  /** Of its words; null for deliveries of older versions. */
  language: Language | null;
  /** When it is tried next; null until the subject has ended, and once it is settled. Whoever tries it moves this beyond the attempt's own time first. */
  due_at: string | null;
  /** What the receiver answered the last time, or why there was no answer. */
  last_status: number | null;
  last_error: DeliveryError | null;
  /** Null until it is settled. */
  outcome: 'delivered' | 'given-up' | null;
  settled_at: string | null;
  created_at: string;
}

interface WebhookSecretTable {
  workspace_id: string;
  /** What its deliveries are signed with. The receiver has to know it too, so it can't be kept as a hash. */
  secret: string;
}

/** A recording that arrives in parts. It bears the id of the upload that it becomes. */
interface ResumableUploadTable {
  id: string;
  workspace_id: string;
  name: string;
  /** Bytes of the whole, and of what is stored. */
  length: number;
  received: number;
  /** JSON: ids of the stored parts in order. */
  parts: string;
  /** The one request that may add parts, and until when it need not show again that it lives. */
  writer: string | null;
  writer_until: string | null;
  created_at: string;
  expires_at: string;
}

export type UploadRow = Selectable<UploadTable>;
export type VoiceRow = Selectable<VoiceTable>;
export type ApiKeyRow = Selectable<ApiKeyTable>;
export type SessionRow = Selectable<SessionTable>;
export type BatchRow = Selectable<BatchTable>;
export type WebhookDeliveryRow = Selectable<WebhookDeliveryTable>;
export type ResumableUploadRow = Selectable<ResumableUploadTable>;
export type JobRow = Selectable<JobTable>;
export type NewJobRow = Omit<
  Insertable<JobTable>,
  | 'started_at'
  | 'finished_at'
  | 'outcome'
  | 'error_code'
  | 'error_details'
  | 'result_file'
  | 'result_bytes'
  | 'result_seconds'
  | 'result_sample_rate'
  | 'similarity'
>;
