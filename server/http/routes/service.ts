import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import { createRoute } from '@hono/zod-openapi';
import { version } from '../../paths.ts';
import type { App, Services } from '../context.ts';
import { json, problems } from '../openapi.ts';
import { healthSchema, queueStatusSchema, readinessSchema, systemStatsSchema } from '../schemas.ts';

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

export function serviceRoutes(app: App, services: Services): void {
  const { queue, pace, pool, jobRecords, checkReadiness } = services;

  app.openapi(getHealth, (c) => c.json({ status: 'ok' as const }, 200));

  app.openapi(getReady, async (c) => {
    const checks = await checkReadiness();
    const ready = Object.values(checks).every(Boolean);
    return ready
      ? c.json({ status: 'ready' as const, checks }, 200)
      : c.json({ status: 'unready' as const, checks }, 503);
  });

  app.openapi(getQueueStatus, async (c) => {
    const counts = await queue.counts();
    const { queued: queuedByPriority, active, queuedSeconds: waitingSeconds } = counts;
    const queued = Object.values(queuedByPriority).reduce((total, count) => total + count, 0);
    const status = {
      queued,
      queuedByPriority,
      active,
      workers: pool.size,
      waitingSeconds,
      etaSeconds: pace.wait(counts),
    };
    return c.json(status, 200);
  });

  app.openapi(getStats, async (c) => {
    const [{ queued, active }, outcomes] = await Promise.all([queue.counts(), jobRecords.countOutcomes()]);
    const stats = {
      version,
      uptimeSeconds: process.uptime(),
      cores: availableParallelism(),
      workers: { total: pool.size, busy: pool.busy },
      loadAverage: loadavg(),
      memory: { processBytes: process.memoryUsage.rss(), totalBytes: totalmem(), freeBytes: freemem() },
      jobs: { queued: Object.values(queued).reduce((total, count) => total + count, 0), active, ...outcomes },
    };
    return c.json(stats, 200);
  });
}
