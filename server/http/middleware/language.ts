import type { MiddlewareHandler } from 'hono';
import { parseAcceptLanguage } from '../../language.ts';
import type { AppEnv } from '../context.ts';

/** Finds the language of the answer, and tells caches that it depends on the request's header. */
export const language: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set('language', parseAcceptLanguage(c.req.header('Accept-Language')));
  await next();
  c.header('Vary', 'Accept-Language', { append: true });
};
