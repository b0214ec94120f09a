import { createRoute, z } from '@hono/zod-openapi';
import { isLoopback } from '../../limits/client-address.ts';
import { requireAdmin } from '../admin.ts';
import type { App, AppContext, Services } from '../context.ts';
import { problems } from '../openapi.ts';

const getMetrics = createRoute({
  method: 'get',
  path: '/metrics',
  // Either of them.
  security: [{}, { bearer: [] }],
  summary: 'Measures for Prometheus, for this machine itself and for holders of the admin key (Authorization: Bearer)',
  responses: {
    200: { description: 'Measures', content: { 'text/plain': { schema: z.string() } } },
    ...problems(401, 403),
  },
});

export function metricsRoutes(app: App, { metrics, config }: Services): void {
  app.openAPIRegistry.registerPath(getMetrics);
  app.get(getMetrics.path, async (c) => {
    if (!isLocal(c)) requireAdmin(c, config);
    return c.body(await metrics.report(), 200, { 'Content-Type': metrics.contentType });
  });
}

/** Whether a program of this machine asks for itself. A proxy on this machine asks for others, and says so. */
function isLocal(c: AppContext): boolean {
  const isForwarded = c.req.header('X-Forwarded-For') !== undefined || c.req.header('Forwarded') !== undefined;
  return !isForwarded && isLoopback(c.env.server.requestIP(c.req.raw)?.address);
}
