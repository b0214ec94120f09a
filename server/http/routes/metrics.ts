import { createHash, timingSafeEqual } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { InputError } from '#core/errors.ts';
import { isLoopback } from '../../limits/client-address.ts';
import type { App, AppContext, Services } from '../context.ts';
import { problems } from '../openapi.ts';

const getMetrics = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'Measures for Prometheus, for this machine itself and for holders of the admin key (Authorization: Bearer)',
  responses: { 200: { description: 'Measures', content: { 'text/plain': { schema: z.string() } } }, ...problems(401) },
});

export function metricsRoutes(app: App, { metrics, config }: Services): void {
  app.openAPIRegistry.registerPath(getMetrics);
  app.get(getMetrics.path, async (c) => {
    if (!isLocal(c) && !hasAdminKey(c, config.adminKey)) {
      c.header('WWW-Authenticate', 'Bearer');
      throw new InputError('unauthorized');
    }
    return c.body(await metrics.report(), 200, { 'Content-Type': metrics.contentType });
  });
}

/** Whether a program of this machine asks for itself. A proxy on this machine asks for others, and says so. */
function isLocal(c: AppContext): boolean {
  const isForwarded = c.req.header('X-Forwarded-For') !== undefined || c.req.header('Forwarded') !== undefined;
  return !isForwarded && isLoopback(c.env.server.requestIP(c.req.raw)?.address);
}

function hasAdminKey(c: AppContext, adminKey: string | undefined): boolean {
  const given = /^Bearer (.+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  if (adminKey === undefined || given === undefined) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(adminKey));
}
