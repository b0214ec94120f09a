import type { MiddlewareHandler } from 'hono';
import { UnavailableError } from '#core/errors.ts';
import type { AppEnv } from '../context.ts';

/** What a proxy asks to learn whether requests may be sent here. */
const watched = new Set(['/health', '/ready']);

/** While the server stops, it does all that it is asked but says that it had better not be asked: a proxy turns to others. */
export function draining(isStopping: () => boolean): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (!isStopping()) return next();
    if (watched.has(c.req.path)) throw new UnavailableError('busy');
    await next();
    c.header('Connection', 'close');
  };
}
