import { z } from 'zod';
import type { ComingResult } from '../data/usage.ts';
import { outputFormats } from '../http/schemas.ts';

const optionsSchema = z.object({
  format: z.enum(outputFormats).default('wav'),
  sampleRate: z.number().default(48_000),
});

/** What a file has besides its sound. */
const overheadBytes = 4096;
/** 128 kbit/s. */
const mp3BytesPerSecond = 16_000;
const bytesPerSample = 2;

/** The most bytes that the job's result takes. */
export function mostResultBytes({ source_seconds: seconds, options }: ComingResult): number {
  const { format, sampleRate } = optionsSchema.parse(JSON.parse(options));
  const bytesPerSecond = format === 'mp3' ? mp3BytesPerSecond : bytesPerSample * sampleRate;
  return Math.ceil(seconds * bytesPerSecond) + overheadBytes;
}
