import { z } from '@hono/zod-openapi';
import { convertOptionsSchema, jobCreatedSchema, jobSchema, voiceNameSchema } from '../schemas.ts';
import { submissionFields } from './submission.ts';

const mostSources = 200;

const count = z.int().nonnegative();

const batchOptionsSchema = convertOptionsSchema.extend({
  reference: z.string().optional().meta({ description: 'An upload or a sample recording of the voice to take on' }),
  voice: z.string().optional().meta({ description: 'A voice of GET /api/voices' }),
  name: voiceNameSchema.optional().meta({ description: "The voice's when left out" }),
  ...submissionFields,
});

export const batchRequestSchema = batchOptionsSchema
  .extend({
    sources: z
      .array(z.string())
      .min(1)
      .max(mostSources)
      .meta({ description: 'Uploads or sample recordings, all to take on the one voice' }),
  })
  .refine((request) => (request.reference === undefined) !== (request.voice === undefined), {
    path: ['voice'],
    params: { rule: 'one-of-reference-voice' },
  })
  .meta({ id: 'BatchRequest' });

/** The form's fields besides its files. */
export const batchFormSchema = batchOptionsSchema.omit({ reference: true });

export const batchSummarySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    status: jobSchema.shape.status.meta({
      description:
        '`queued` until the first job begins, `active` until the last ends; then `done` when any is, else `failed` or `cancelled`',
    }),
    progress: z.number().min(0).max(1).meta({ description: 'By seconds of audio; jobs that ended count whole' }),
    etaSeconds: jobSchema.shape.etaSeconds,
    voice: jobSchema.shape.voice,
    counts: z.object({ queued: count, active: count, done: count, failed: count, cancelled: count }),
    createdAt: jobSchema.shape.createdAt,
    finishedAt: jobSchema.shape.finishedAt,
    resultUrl: z.string().nullable().meta({ description: 'A ZIP of what is done, null while nothing is' }),
  })
  .meta({ id: 'BatchSummary' });

export const batchSchema = batchSummarySchema.extend({ jobs: z.array(jobSchema) }).meta({ id: 'Batch' });
export const batchListSchema = z.object({ batches: z.array(batchSummarySchema) }).meta({ id: 'BatchList' });

export const batchCreatedSchema = batchSummarySchema
  .pick({ id: true, status: true })
  .extend({ jobs: z.array(jobCreatedSchema) })
  .meta({ id: 'BatchCreated' });
