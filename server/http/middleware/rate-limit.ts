import type { Context, MiddlewareHandler } from 'hono';
import { UnavailableError } from '#core/errors.ts';
import type { RateKind, RateLimits, RateState } from '../../limits/rate-limits.ts';
import type { AppEnv } from '../context.ts';
import type { Forwarding } from '../forwarding.ts';

/** POSTs that cost more than others. */
const costly: Readonly<Record<string, RateKind>> = {
  '/api/convert': 'convert',
  '/api/batches': 'convert',
  '/api/uploads': 'upload',
  '/api/uploads/resumable': 'upload',
  '/api/voices': 'voices',
  '/api/clone': 'voices',
  '/api/extract-speaker': 'voices',
  '/api/voices/import': 'upload',
};

/** Short answers that programs and pages ask for again and again: how things stand now. */
const status = /^\/api\/(queue\/status|system\/stats|engines|(jobs|convert)\/[^/]+)$/;

/** Refuses requests of those who send too many, and tells everybody how many are left. */
export function rateLimit(limits: RateLimits, forwarding: Forwarding): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    // The operator's own programs ask as often as they need.
    const kind = c.var.visitor.access === 'admin' ? undefined : kindOf(c.req.method, c.req.path);
    const state =
      kind && (await limits.count(kind, { workspaceId: await c.var.visitor.find(), address: forwarding.addressOf(c) }));
    if (state && !state.allowed) {
      tell(c, state);
      c.header('Retry-After', String(state.resetSeconds));
      throw new UnavailableError('rate-limited', { seconds: state.resetSeconds });
    }
    await next();
    // Set last: an answer that brings its own headers would lose them.
    if (state) tell(c, state);
  };
}

/** The page, its files, the samples and what watches over the server are not counted. Models are: each is as large as many pages. */
function kindOf(method: string, path: string): RateKind | undefined {
  const expensive = method === 'POST' && Object.hasOwn(costly, path) ? costly[path] : undefined;
  if (expensive) return expensive;
  if (method === 'GET' && status.test(path)) return 'status';
  const isCounted =
    path === '/ws' || path.startsWith('/models/') || (path.startsWith('/api/') && !/^\/api\/samples(\/|$)/.test(path));
  return isCounted ? 'general' : undefined;
}

/** The fields of draft-ietf-httpapi-ratelimit-headers-06. */
function tell(c: Context, { limit, remaining, resetSeconds }: RateState): void {
  c.header('RateLimit-Limit', String(limit));
  c.header('RateLimit-Remaining', String(remaining));
  c.header('RateLimit-Reset', String(resetSeconds));
}
