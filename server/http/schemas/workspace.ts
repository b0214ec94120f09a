import { z } from '@hono/zod-openapi';

const stored = z.object({ count: z.int(), bytes: z.int() });

export const workspaceSchema = z
  .object({
    usedBytes: z.int().meta({ description: 'Uploads, voices and results together' }),
    quotaBytes: z.int().nullable().meta({ description: 'How much may be stored, null without a limit' }),
    keepDays: z
      .number()
      .nullable()
      .meta({ description: 'Days after which uploads, results and jobs are deleted, null when they are kept' }),
    uploads: stored,
    voices: stored,
    results: stored.meta({ description: 'A result that serves several jobs counts once' }),
  })
  .meta({ id: 'Workspace' });
