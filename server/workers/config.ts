import { totalmem } from 'node:os';
import { z } from 'zod';

/** A number of bytes, such as `1073741824`, `512M` or `1.5G` (units of 1024). */
const bytes = z
  .string()
  .regex(/^\d{1,15}(\.\d+)?[KMGT]?$/i)
  .transform((text) => {
    const unit = 'KMGT'.indexOf(text.at(-1)?.toUpperCase() ?? '') + 1;
    return Math.floor(Number.parseFloat(text) * 1024 ** unit);
  });

/** Leaves room for the system; a control group may allow less than the machine has. */
function defaultProcessMemory(): number {
  const allowed = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.floor(0.85 * Math.min(allowed, totalmem()));
}

/** The part of the configuration that is about workers. */
export const workerFields = {
  /** A worker that holds more bytes than this after a job is replaced. */
  workerMemory: bytes.prefault('1G'),
  /** While the process holds more bytes than this, its largest workers are replaced. */
  processMemory: bytes.default(defaultProcessMemory()),
  /** Bytes of voices that each worker keeps at hand. */
  voiceCacheBytes: bytes.prefault('64M'),
  /** Bytes of models that each worker keeps loaded; an engine that alone is larger stays until another is needed. */
  modelCacheBytes: bytes.prefault('1G'),
  /** Whether workers are pinned to CPU cores. */
  pin: z.enum(['true', 'false']).default('true'),
  /** A job may take so many seconds, and so many more for each second of its audio. */
  jobSecondsBase: z.coerce.number().positive().max(1_000_000).default(60),
  jobSecondsFactor: z.coerce.number().min(0).max(1000).default(2),
  /** How long running jobs may go on when the server is told to stop, in seconds. */
  stopSeconds: z.coerce.number().min(0).max(86_400).default(10),
};

/** Environment variable of each field. */
export const workerVariables: Readonly<Record<keyof typeof workerFields, string>> = {
  workerMemory: 'GIONG_WORKER_MEMORY',
  processMemory: 'GIONG_PROCESS_MEMORY',
  voiceCacheBytes: 'GIONG_VOICE_CACHE_BYTES',
  modelCacheBytes: 'GIONG_MODEL_CACHE_BYTES',
  pin: 'GIONG_PIN',
  jobSecondsBase: 'GIONG_JOB_SECONDS_BASE',
  jobSecondsFactor: 'GIONG_JOB_SECONDS_FACTOR',
  stopSeconds: 'GIONG_STOP_SECONDS',
};
