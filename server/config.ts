import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from '#core/errors.ts';
import { isNetwork, privateNetworks } from './limits/network.ts';
import type { Rate } from './limits/rate-limits.ts';
import { defaultDataFolder } from './paths.ts';
import { parseRedisSettings, type RedisSettings } from './redis/settings.ts';
import { workerFields, workerVariables } from './workers/config.ts';

const mebibyte = 2 ** 20;
const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;

const rate = z
  .string()
  .regex(/^(0|[1-9]\d{0,8}\/[1-9]\d{0,6})$/)
  .transform((text): Rate => {
    const [requests = 0, seconds = 0] = text.split('/').map(Number);
    return requests === 0 ? null : { requests, seconds };
  });

const configSchema = z.object({
  /** 0 takes any free port. */
  port: z.coerce.number().int().min(0).max(65535).default(8080),
  /** Address to listen on. */
  host: z.string().min(1).default('0.0.0.0'),
  /** Folder of the database, uploads and results, absolute. */
  dataFolder: z
    .string()
    .min(1)
    .default(defaultDataFolder)
    .transform((folder) => resolve(folder)),
  /** `postgres://…`; left out: an SQLite file in the data folder. */
  databaseUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .optional(),
  /** Most connections to PostgreSQL. */
  databasePool: z.coerce.number().int().min(1).max(1000).default(10),
  /** Bucket of an S3-compatible service for uploads, voices and results; left out: the data folder. It needs both keys. */
  s3Bucket: z.string().min(1).optional(),
  /** Left out: Amazon's of the region. */
  s3Endpoint: z.url({ protocol: /^https?$/ }).optional(),
  s3Region: z.string().min(1).optional(),
  s3AccessKeyId: z.string().min(1).optional(),
  s3SecretAccessKey: z.string().min(1).optional(),
  /** Most bytes that a workspace may store; 0 lifts the limit. */
  quotaBytes: z.coerce
    .number()
    .int()
    .min(0)
    .default(5 * 1024 * mebibyte),
  /** Days after which recordings, results and the history of jobs are deleted; 0 keeps them for ever. */
  keepDays: z.coerce.number().min(0).max(36_500).default(30),
  /** Threads that convert; 0 only serves. */
  workers: z.coerce.number().int().min(0).max(64).default(availableParallelism()),
  /** Largest upload in bytes. */
  maxUploadBytes: z.coerce
    .number()
    .int()
    .positive()
    .default(100 * mebibyte),
  /** Longest recording in seconds. */
  maxAudioSeconds: z.coerce.number().positive().default(3600),
  /** Requests of one user in so many seconds, such as `5/60`; `0` lifts the limit. Conversions, new voices, uploads, all others. */
  rateConvert: rate.prefault('5/60'),
  rateVoices: rate.prefault('3/3600'),
  rateUpload: rate.prefault('10/300'),
  rateGeneral: rate.prefault('30/60'),
  rateStatus: rate.prefault('240/60'),
  /** How many users one address has room for before its requests are refused. */
  usersPerAddress: z.coerce.number().int().positive().default(20),
  /** Most unfinished jobs of a workspace, two of the largest batches; 0 lifts the limit. */
  quotaJobs: z.coerce.number().int().min(0).default(400),
  /** Reverse proxies in front, whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; with 0 nobody's is. */
  proxies: z.coerce.number().int().min(0).max(8).default(0),
  /** Addresses and networks that those proxies connect from; whoever else connects is believed nothing. */
  trustedProxies: z
    .string()
    .prefault(privateNetworks.join(','))
    .transform((text) => text.split(',').map((network) => network.trim()))
    .refine((networks) => networks.every(isNetwork)),
  /** Seconds in which a proxy notices that this server is about to stop; unless told, 3 behind proxies and 0 without. */
  drainSeconds: z.coerce.number().min(0).max(300).optional(),
  /** Opens what only the operator may see and do; without one, `/metrics` answers programs of this machine alone. */
  adminKey: z.string().min(1).optional(),
  /** Where a process that only converts answers Prometheus and health checks; left out: nowhere. */
  metricsPort: z.coerce.number().int().min(0).max(65535).optional(),
  /** Signs all webhooks; without one, each workspace has a secret of its own. */
  webhookSecret: z.string().min(1).optional(),
  /** Whether webhooks may go to this machine and to private networks. */
  webhookPrivate: z.stringbool().prefault('false'),
  /** Where models are downloaded: each file lies at its path below. Without it, at the address that the manifest names. */
  modelsBaseUrl: z.url({ protocol: /^https?$/ }).optional(),
  logLevel: z.enum(logLevels).default('info'),
  ...workerFields,
});

type Fields = Readonly<z.output<typeof configSchema>>;
type Field = keyof Fields;

export interface Config extends Fields {
  /** What several processes share their queue and limits through; undefined for one that needs nobody. */
  readonly redis: RedisSettings | undefined;
}

/** Environment variable of each field. */
export const configVariables: Readonly<Record<Field, string>> = {
  port: 'PORT',
  host: 'GIONG_HOST',
  dataFolder: 'GIONG_DATA',
  databaseUrl: 'DATABASE_URL',
  databasePool: 'DATABASE_POOL',
  s3Bucket: 'S3_BUCKET',
  s3Endpoint: 'S3_ENDPOINT',
  s3Region: 'S3_REGION',
  s3AccessKeyId: 'S3_ACCESS_KEY_ID',
  s3SecretAccessKey: 'S3_SECRET_ACCESS_KEY',
  quotaBytes: 'GIONG_QUOTA_BYTES',
  keepDays: 'GIONG_KEEP_DAYS',
  workers: 'GIONG_WORKERS',
  maxUploadBytes: 'GIONG_MAX_UPLOAD_BYTES',
  maxAudioSeconds: 'GIONG_MAX_AUDIO_SECONDS',
  rateConvert: 'GIONG_RATE_CONVERT',
  rateVoices: 'GIONG_RATE_VOICES',
  rateUpload: 'GIONG_RATE_UPLOAD',
  rateGeneral: 'GIONG_RATE_GENERAL',
  rateStatus: 'GIONG_RATE_STATUS',
  usersPerAddress: 'GIONG_USERS_PER_ADDRESS',
  quotaJobs: 'GIONG_QUOTA_JOBS',
  proxies: 'GIONG_PROXIES',
  trustedProxies: 'GIONG_TRUSTED_PROXIES',
  drainSeconds: 'GIONG_DRAIN_SECONDS',
  adminKey: 'GIONG_ADMIN_KEY',
  metricsPort: 'GIONG_METRICS_PORT',
  webhookSecret: 'GIONG_WEBHOOK_SECRET',
  webhookPrivate: 'GIONG_WEBHOOK_PRIVATE',
  modelsBaseUrl: 'MODELS_BASE_URL',
  logLevel: 'GIONG_LOG',
  ...workerVariables,
};

/** What no message may repeat. */
const secrets: readonly Field[] = ['databaseUrl', 's3SecretAccessKey', 'adminKey', 'webhookSecret'];

/**
 * The whole configuration: a flag of the command line wins over the environment, which wins over the default; an empty variable
 * counts as not set. Throws `InputError('option-invalid', { field })` with the variable's or flag's name.
 */
export function parseConfig(
  environment: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Partial<Record<Field, string>>> = {},
): Config {
  const fields = Object.keys(configVariables) as Field[];
  const given = Object.fromEntries(
    fields.map((field) => [field, flags[field] ?? (environment[configVariables[field]] || undefined)]),
  );
  const parsed = configSchema.safeParse(given);
  if (parsed.success) return { ...parsed.data, redis: parseRedisSettings(environment) };
  const field = parsed.error.issues[0]?.path[0] as Field;
  throw new InputError('option-invalid', {
    field: flags[field] === undefined ? configVariables[field] : `--${field}`,
    value: secrets.includes(field) ? '' : (given[field] ?? ''),
  });
}
