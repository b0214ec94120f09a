import { z } from '@hono/zod-openapi';
import { workspaceIdPattern } from '../../ids.ts';

const id = z.string().meta({ description: 'Opaque identifier', example: 'k_4hTq9cYw2sKb7mXe' });
const time = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });
const longestName = 100;

const priority = z.enum(['normal', 'paid']).meta({ description: "Of the key's jobs; the operator alone gives `paid`" });

const name = z
  .string()
  .transform((text) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '').trim())
  .pipe(z.string().min(1).max(longestName))
  .meta({ description: 'What the key is for, in its owner’s words' });

export const newKeySchema = z.strictObject({ name }).meta({ id: 'NewKey', example: { name: 'Máy ở phòng thu' } });

export const newKeyForSchema = z
  .strictObject({
    name,
    priority: priority.default('normal'),
    workspace: z
      .string()
      .regex(workspaceIdPattern)
      .optional()
      .meta({ description: 'Whom it is for; left out: a new workspace' }),
  })
  .meta({ id: 'NewKeyFor', example: { name: 'Đài phát thanh', priority: 'paid' } });

export const keySchema = z
  .object({
    id,
    name: z.string(),
    workspace: z.string().meta({ description: 'What the key opens', example: 'w_4hTq9cYw2sKb7mXe' }),
    priority,
    ending: z.string().meta({ description: 'The last characters of the key, which is never shown again' }),
    createdAt: time,
    lastUsedAt: time.nullable().meta({ description: 'To the minute' }),
  })
  .meta({ id: 'Key' });

export const keyCreatedSchema = keySchema
  .extend({ key: z.string().meta({ description: 'For `Authorization: Bearer`; shown this once', example: 'giong_…' }) })
  .meta({ id: 'KeyCreated' });

export const keyListSchema = z.object({ keys: z.array(keySchema) }).meta({ id: 'KeyList' });
