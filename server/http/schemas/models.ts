import { z } from '@hono/zod-openapi';
import { errorCodes } from '#core/errors.ts';

const modelStates = ['embedded', 'installed', 'missing', 'downloading'] as const;

export const modelSchema = z
  .object({
    id: z.string().meta({ example: 'mini' }),
    name: z.string(),
    version: z.string(),
    licence: z.string().meta({ description: 'SPDX identifier', example: 'Apache-2.0' }),
    bytes: z.int().meta({ description: 'Of all files together' }),
    files: z.array(
      z.object({
        path: z.string().meta({ example: 'mini/encoder.onnx' }),
        bytes: z.int(),
        sha256: z.string().meta({ description: 'In hexadecimal' }),
      }),
    ),
    engines: z.array(z.string()).meta({ description: 'The engines that need it' }),
    state: z.enum(modelStates).meta({
      description:
        '`embedded` comes with the program, `installed` was downloaded and checked, `missing` can be downloaded',
    }),
    progress: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .meta({ description: 'Share of the bytes that have come while it is downloading, else null' }),
    error: z
      .object({ code: z.enum(errorCodes), title: z.string(), detail: z.string() })
      .nullable()
      .meta({ description: 'Why the last download failed, until the next begins' }),
  })
  .meta({ id: 'Model' });

export const modelListSchema = z.object({ models: z.array(modelSchema) }).meta({ id: 'ModelList' });
