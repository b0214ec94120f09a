import type { MiddlewareHandler } from 'hono';

/** An answer that says nothing of caches belongs to its visitor and this moment alone. */
export const noStoreByDefault: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
};
