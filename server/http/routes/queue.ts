import { createRoute, z } from '@hono/zod-openapi';
import { cancelMany } from '../../jobs/cancel-many.ts';
import { requireAdmin } from '../admin.ts';
import type { App, Services } from '../context.ts';
import { json, problems } from '../openapi.ts';

const clearedSchema = z.object({ cancelled: z.int().meta({ description: 'How many jobs' }) }).meta({ id: 'Cleared' });

const deleteQueue = createRoute({
  method: 'delete',
  path: '/api/queue',
  summary: "Cancel all jobs that wait, everybody's; for holders of the admin key (Authorization: Bearer)",
  request: {
    query: z.strictObject({
      running: z.enum(['true', 'false']).default('false').meta({ description: 'Whether also those that run' }),
    }),
  },
  responses: { 200: json(clearedSchema, 'They are cancelled'), ...problems(400, 401, 403, 429) },
});

export function queueRoutes(app: App, { jobRecords, queue, config, log }: Services): void {
  app.openapi(deleteQueue, async (c) => {
    requireAdmin(c, config);
    const running = c.req.valid('query').running === 'true';
    const ids = await jobRecords.unfinishedIds();
    const cancelled = await cancelMany({ jobs: jobRecords, queue }, ids, { running });
    log.warn({ cancelled, running }, 'the queue was cleared');
    return c.json({ cancelled }, 200);
  });
}
