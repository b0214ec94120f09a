// From here rather than from 'zod': schemas made before its extension is loaded could not be described in OpenAPI.
import { z } from '@hono/zod-openapi';
import { errorCodes } from '#core/errors.ts';
import { voiceWarnings } from '#core/voice/quality.ts';
import { modelSchema } from './schemas/models.ts';
import { seedVcFields } from './schemas/seed-vc.ts';
import { submissionFields } from './schemas/submission.ts';

/**
 * Shapes of all that goes over HTTP and WebSocket: validation, the OpenAPI document and the client's types
 * (`api-types.ts`) come from these. Requests are strict: an unknown field is refused.
 */

const id = z.string().meta({ description: 'Opaque identifier', example: 'u_4hTq9cYw2sKb7mXe' });
const time = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });
const seconds = z.number().nonnegative();
const fraction = z.number().min(0).max(1);

export const outputFormats = ['wav', 'flac', 'mp3'] as const;
const jobStatuses = ['queued', 'active', 'done', 'failed', 'cancelled'] as const;

export const problemSchema = z
  .object({
    type: z
      .string()
      .meta({ description: 'URI reference of the kind of problem', example: 'urn:giong:problem:not-found' }),
    title: z.string().meta({ description: 'What went wrong, in the language of Accept-Language' }),
    status: z.int(),
    code: z.enum(errorCodes).meta({ description: 'Stable, meant for programs' }),
    detail: z.string().optional().meta({ description: 'What can be done about it, or which field is wrong' }),
  })
  .meta({ id: 'Problem' });

export const sessionSchema = z
  .object({
    version: z.string(),
    engines: z.array(z.string()).meta({
      description: 'Those that can convert on this server now; `GET /api/engines` tells of all',
      example: ['mini'],
    }),
    limits: z.object({
      uploadBytes: z.int().meta({ description: 'Largest file that is accepted' }),
      audioSeconds: z.number().meta({ description: 'Longest recording that is accepted' }),
    }),
  })
  .meta({ id: 'Session' });

export const uploadSchema = z
  .object({
    id,
    name: z.string().meta({ description: "The file's own name" }),
    bytes: z.int(),
    seconds,
    format: z.string().meta({ description: 'Found by content: wav, mp3, flac, m4a, aac, ogg, opus, webm …' }),
  })
  .meta({ id: 'Upload' });

export const resumableUploadSchema = z
  .object({
    id: id.meta({ description: 'That of the upload that it becomes' }),
    name: uploadSchema.shape.name,
    bytes: z.int().meta({ description: 'Of the whole' }),
    receivedBytes: z.int().meta({ description: 'Where to go on' }),
    expiresAt: time.nullable().meta({ description: 'When what has come so far is thrown away; null once all is here' }),
    upload: uploadSchema.nullable().meta({ description: 'Null until all is here and checked' }),
  })
  .meta({ id: 'ResumableUpload' });

export const uploadListSchema = z.object({ uploads: z.array(uploadSchema) }).meta({ id: 'UploadList' });

/** How a conversion is done, without saying of what; every field has a default. */
export const convertOptionsSchema = z.strictObject({
  engine: z.string().default('mini'),
  strength: fraction.default(1).meta({ description: '0 gives the source back, 1 is the whole conversion' }),
  pitch: z
    .union([z.enum(['auto', 'keep']), z.number().min(-24).max(24)])
    .default('auto')
    .meta({
      description: "`auto` moves to the voice's pitch, `keep` leaves the source's, a number shifts by semitones",
    }),
  formant: z.number().min(-12).max(12).default(0).meta({ description: 'Extra move of the formants in semitones' }),
  noiseReduction: fraction.default(0).meta({ description: "How much of the source's noise is taken away" }),
  format: z.enum(outputFormats).default('wav'),
  sampleRate: z
    .int()
    .min(16000)
    .max(48000)
    .optional()
    .meta({ description: "Rate of the result in Hz; left out: the source's, within 16000–48000" }),
  seed: z.int().min(0).max(0xffffffff).default(0),
  ...seedVcFields,
  similarity: z
    .boolean()
    .default(false)
    .meta({ description: 'Compare the result with the voice; takes about as long as a short conversion again' }),
});

export const convertRequestSchema = convertOptionsSchema
  .extend({
    source: id.meta({ description: 'An upload or a sample recording' }),
    reference: id.optional().meta({ description: 'An upload or a sample recording of the voice to take on' }),
    voice: id.optional().meta({ description: 'A voice of GET /api/voices' }),
    ...submissionFields,
  })
  .refine((request) => (request.reference === undefined) !== (request.voice === undefined), {
    path: ['voice'],
    params: { rule: 'one-of-reference-voice' },
  })
  .meta({ id: 'ConvertRequest', example: { source: 'sample-vietnamese', voice: 'sample-1688', format: 'mp3' } });

export const jobErrorSchema = z
  .object({
    code: z.enum(errorCodes),
    title: z.string().meta({ description: 'What is wrong, in the language of Accept-Language' }),
    detail: z.string().meta({ description: 'What can be done about it' }),
  })
  .meta({ id: 'JobError' });

export const jobResultSchema = z
  .object({
    name: z.string().meta({ description: 'A friendly name to download it under' }),
    url: z.string(),
    bytes: z.int(),
    seconds,
    format: z.enum(outputFormats),
    sampleRate: z.int(),
  })
  .meta({ id: 'JobResult' });

export const jobSchema = z
  .object({
    id,
    status: z.enum(jobStatuses),
    progress: fraction,
    etaSeconds: z
      .number()
      .nonnegative()
      .nullable()
      .meta({ description: 'Seconds until done, null when unknown or over' }),
    error: jobErrorSchema.nullable(),
    engine: z.string(),
    source: z.object({ id, name: z.string(), seconds }),
    voice: z.object({ id, name: z.string() }).meta({ description: 'The voice or reference taken on' }),
    options: convertOptionsSchema.omit({ engine: true }),
    batchId: id.optional().meta({ description: 'The batch that it came in' }),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    result: jobResultSchema.nullable(),
    similarity: z.number().min(-1).max(1).nullable().meta({
      description:
        'How similar the voices of result and reference are (cosine of their speaker embeddings): 0.75 and more is very similar, below 0.45 another voice. Null until done, when not asked for, or where it cannot be told',
    }),
    cached: z
      .literal(true)
      .optional()
      .meta({ description: 'The session had this very result already: nothing was converted anew' }),
  })
  .meta({ id: 'Job' });

export const jobCreatedSchema = jobSchema.pick({ id: true, status: true, cached: true }).meta({ id: 'JobCreated' });
export const jobListSchema = z
  .object({
    jobs: z.array(jobSchema),
    next: id
      .optional()
      .meta({ description: 'What to ask for as `before` to see older ones; left out on the last page' }),
  })
  .meta({ id: 'JobList' });

const longestVoiceName = 100;
export const voiceNameSchema = z
  .string()
  .transform((name) => name.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '').trim())
  .pipe(z.string().min(1).max(longestVoiceName));

export const voiceChangeSchema = z
  .strictObject({ name: voiceNameSchema })
  .meta({ id: 'VoiceChange', example: { name: 'Giọng kể chuyện' } });

export const voiceQualitySchema = z
  .object({
    speechSeconds: seconds.meta({ description: 'Speech in all references together' }),
    snrDecibels: z.number().meta({ description: 'Speech over noise, an estimate, 0–80' }),
    clippedShare: fraction.meta({ description: 'Share of the samples that are clipped' }),
    similarity: z
      .number()
      .min(-1)
      .max(1)
      .nullable()
      .meta({ description: 'Of the reference that is least similar to the others; null for a single one' }),
    warnings: z.array(
      z.object({
        code: z.enum(voiceWarnings),
        title: z.string().meta({ description: 'What is wrong, in the language of Accept-Language' }),
        detail: z.string().meta({ description: 'How to do better' }),
      }),
    ),
  })
  .meta({ id: 'VoiceQuality' });

export const voiceSchema = z
  .object({
    id,
    name: z.string().meta({ description: 'For samples in the language of Accept-Language' }),
    language: z.string().nullable().meta({ description: 'BCP 47, null when unknown' }),
    sample: z.boolean().meta({ description: 'True for the voices that everybody sees' }),
    previewUrl: z.string().nullable().meta({ description: 'A recording of the voice' }),
    speechSeconds: seconds.nullable().meta({ description: 'Speech that the voice was made from, null for samples' }),
    quality: voiceQualitySchema.nullable().meta({ description: 'Null for samples and for imported voices' }),
    engines: z
      .array(z.string())
      .nullable()
      .meta({ description: 'The engines that it serves; null for samples, which serve all' }),
    consentedAt: time.nullable().meta({ description: "When the user said that the voice's owner agrees" }),
    createdAt: time.nullable(),
  })
  .meta({ id: 'Voice' });

export const voiceListSchema = z.object({ voices: z.array(voiceSchema) }).meta({ id: 'VoiceList' });

export const sampleSchema = z
  .object({ id, name: z.string(), language: z.string(), url: z.string() })
  .meta({ id: 'Sample' });

export const sampleListSchema = z.object({ samples: z.array(sampleSchema) }).meta({ id: 'SampleList' });

export const healthSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

export const readinessSchema = z
  .object({
    status: z.enum(['ready', 'unready']),
    checks: z.record(z.string(), z.boolean()).meta({ description: 'Each dependency and whether it was reached' }),
  })
  .meta({ id: 'Readiness' });

export const queueStatusSchema = z
  .object({
    queued: z.int(),
    queuedByPriority: z.object({ admin: z.int(), paid: z.int(), normal: z.int() }),
    active: z.int(),
    workers: z.int(),
    waitingSeconds: seconds.meta({ description: 'Seconds of audio that wait' }),
    etaSeconds: z
      .number()
      .nonnegative()
      .nullable()
      .meta({ description: 'Wait of a job that is put in now, null without workers' }),
  })
  .meta({ id: 'QueueStatus' });

/** What the server says over `/ws`. */
export const liveMessageSchema = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('hello'),
      jobs: z
        .array(jobSchema)
        .meta({ description: 'Jobs that have not ended, and those that ended within the last five minutes' }),
    }),
    z.object({
      type: z.literal('job'),
      job: jobSchema,
    }),
    z.object({ type: z.literal('progress'), id, progress: fraction, etaSeconds: z.number().nullable() }),
    z.object({ type: z.literal('model'), model: modelSchema }),
    z.object({
      type: z.literal('cleared').meta({ description: 'All data of the workspace is deleted; the socket closes' }),
    }),
    z.object({ type: z.literal('pong') }),
  ])
  .meta({ id: 'LiveMessage' });
