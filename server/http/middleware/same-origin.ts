import type { Context, MiddlewareHandler } from 'hono';
import { InputError } from '#core/errors.ts';
import { bearerOf } from '../bearer.ts';
import type { AppEnv } from '../context.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses what another site's page asks a browser to change here with its user's cookie. Who sends a key uses no cookie. */
export const sameOriginOnly: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (!safeMethods.has(c.req.method) && bearerOf(c) === undefined && isForeign(c)) throw new InputError('forbidden');
  await next();
};

/**
 * Whether a page of another origin sent the request. Browsers name the page's origin in `Origin`, or say `Sec-Fetch-Site`;
 * programs send neither and carry no one else's cookie. Only the host is compared: TLS may end at a proxy.
 */
export function isForeign(c: Context): boolean {
  const origin = c.req.header('Origin');
  if (origin !== undefined) return hostOf(origin) !== c.req.header('Host');
  const site = c.req.header('Sec-Fetch-Site');
  return site === 'cross-site' || site === 'same-site';
}

function hostOf(origin: string): string | undefined {
  return URL.parse(origin)?.host;
}
