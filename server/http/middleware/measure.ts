import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Metrics } from '../../observe/metrics.ts';
import type { AppEnv } from '../context.ts';

/** Measures every request under the route that answered it. */
export function measure(metrics: Metrics): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const start = performance.now();
    await next();
    const seconds = (performance.now() - start) / 1000;
    metrics.countRequest({ method: c.req.method, route: routePath(c), status: c.res.status, seconds });
  };
}
