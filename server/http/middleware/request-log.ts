import type { MiddlewareHandler } from 'hono';
import type { Logger } from '../../observe/log.ts';
import type { AppEnv } from '../context.ts';

/** Gives the request a logger that carries its id, and writes one line when it is answered. */
export function requestLog(log: Logger): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const start = performance.now();
    const requestLogger = log.child({ requestId: c.var.requestId });
    c.set('log', requestLogger);
    await next();
    // Set last: an answer that brings its own headers would lose it.
    c.header('X-Request-Id', c.var.requestId);
    const milliseconds = Math.round(performance.now() - start);
    requestLogger.info({ method: c.req.method, path: c.req.path, status: c.res.status, milliseconds }, 'request');
  };
}
