import { createRoute } from '@hono/zod-openapi';
import { systemStats } from '../../observe/stats.ts';
import { requireAdmin } from '../admin.ts';
import type { App, Services } from '../context.ts';
import { json, problems } from '../openapi.ts';
import { parseJsonBody } from '../problem.ts';
import { scaleAnswerSchema, scaleRequestSchema, systemStatsSchema } from '../schemas/system.ts';
import { healthSchema, queueStatusSchema, readinessSchema } from '../schemas.ts';

const getHealth = createRoute({
  method: 'get',
  path: '/health',
  summary: 'Whether the process answers',
  responses: { 200: json(healthSchema, 'It does') },
});

const getReady = createRoute({
  method: 'get',
  path: '/ready',
  summary: 'Whether the server can do its work now',
  responses: { 200: json(readinessSchema, 'It can'), 503: json(readinessSchema, 'It cannot, and why') },
});

const getQueueStatus = createRoute({
  method: 'get',
  path: '/api/queue/status',
  summary: 'How many conversions wait and run, and how long a new one would wait',
  responses: { 200: json(queueStatusSchema, 'The queue'), ...problems(429) },
});

const getStats = createRoute({
  method: 'get',
  path: '/api/system/stats',
  summary: 'Load of the machine and outcome of the jobs',
  responses: { 200: json(systemStatsSchema, 'The system'), ...problems(429) },
});

const postScale = createRoute({
  method: 'post',
  path: '/api/system/scale',
  security: [{ bearer: [] }],
  summary:
    'Changes how many workers the fleet has, dealt out by cores; for holders of the admin key (Authorization: Bearer)',
  request: { body: { required: true, content: { 'application/json': { schema: scaleRequestSchema } } } },
  responses: { 200: json(scaleAnswerSchema, 'How many each host is to have'), ...problems(400, 401, 403, 429, 503) },
});

const deleteScale = createRoute({
  method: 'delete',
  path: '/api/system/scale',
  security: [{ bearer: [] }],
  summary:
    'Takes that number back: each process has the workers that it was started with (GIONG_WORKERS); for holders of the admin key',
  responses: { 204: { description: 'It counts no more' }, ...problems(401, 403, 429, 503) },
});

export function serviceRoutes(app: App, services: Services): void {
  const { pace, load, fleet, log, config, checkReadiness } = services;

  app.openapi(getHealth, (c) => c.json({ status: 'ok' as const }, 200));

  app.openapi(getReady, async (c) => {
    const checks = await checkReadiness();
    const ready = Object.values(checks).every(Boolean);
    return ready
      ? c.json({ status: 'ready' as const, checks }, 200)
      : c.json({ status: 'unready' as const, checks }, 503);
  });

  app.openapi(getQueueStatus, async (c) => {
    const ahead = await load.now();
    const { queued: queuedByPriority, active, queuedSeconds: waitingSeconds } = ahead.counts;
    const queued = Object.values(queuedByPriority).reduce((total, count) => total + count, 0);
    const status = {
      queued,
      queuedByPriority,
      active,
      workers: fleet.totalWorkers(),
      waitingSeconds,
      etaSeconds: pace.wait(ahead),
    };
    return c.json(status, 200);
  });

  app.openapi(getStats, async (c) => c.json(await systemStats(services), 200));

  app.openAPIRegistry.registerPath(postScale);
  app.post(postScale.path, async (c) => {
    requireAdmin(c, config);
    const { new_worker_count: workers } = await parseJsonBody(c, scaleRequestSchema);
    const previousWorkers = fleet.totalWorkers();
    const hosts = await fleet.scale(workers);
    log.info({ workers, previousWorkers }, 'the operator changed how many workers there are');
    return c.json({ workers, previousWorkers, hosts }, 200);
  });

  app.openAPIRegistry.registerPath(deleteScale);
  app.delete(deleteScale.path, async (c) => {
    requireAdmin(c, config);
    await fleet.unscale();
    log.info('the operator took the number of workers back');
    return c.body(null, 204);
  });
}
