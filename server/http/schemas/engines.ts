import { z } from '@hono/zod-openapi';
import { modelSchema } from './models.ts';

const modelFileSchema = modelSchema.shape.files.element
  .extend({ url: z.string().meta({ description: 'Where it is; never changes its content, and takes `Range`' }) })
  .meta({ id: 'EngineModelFile' });

const browserModelSchema = modelSchema
  .pick({ id: true, name: true, version: true, licence: true, bytes: true })
  .extend({ files: z.array(modelFileSchema) })
  .meta({ id: 'EngineModel' });

export const engineSchema = z
  .object({
    id: z.string().meta({ example: 'seed-vc-fast' }),
    ready: z
      .boolean()
      .meta({ description: 'Whether its models are on this server. Jobs of another fail with `model-missing`' }),
    speed: z.number().positive().nullable().meta({
      description:
        'Seconds of audio that one worker converts in a second with the default options, learned from the jobs of this process; null before the first',
    }),
    models: z.array(browserModelSchema).nullable().meta({
      description:
        'What a browser has to fetch to convert by itself: nothing where all comes with the app; null where it cannot',
    }),
  })
  .meta({ id: 'Engine' });

export const engineListSchema = z.object({ engines: z.array(engineSchema) }).meta({ id: 'EngineList' });
