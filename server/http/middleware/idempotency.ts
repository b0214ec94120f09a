import type { MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { InputError, UnavailableError } from '#core/errors.ts';
import type { IdempotencyRepository, KeptAnswer, RunningRequest } from '../../data/idempotency.ts';
import { BodyDigest } from '../body-digest.ts';
import type { AppContext, AppEnv } from '../context.ts';
import { longestSilenceSeconds } from '../receive-files.ts';
import { isForm } from '../upload-form.ts';

const header = 'Idempotency-Key';
/** A UUID, quoted or not (draft-ietf-httpapi-idempotency-key-header-07 has it as a quoted string), or anything like it. */
const goodKey = /^[\x21-\x7e]{1,255}$/;
/** What belongs to the answer itself, rather than to this moment and this request. */
const keptHeaders = /^(content-type|location|upload-.*)$/;
const busySeconds = 1;

/** The key of the request; a good one, wherever the middleware has let it through. */
export function idempotencyKeyOf(c: AppContext): string | undefined {
  return c.req.header(header);
}

/**
 * A POST with an `Idempotency-Key` may be sent again: what it created the first time is answered, and nothing is created twice.
 * The key counts within the workspace. Only success is kept: what was refused has created nothing and may be tried again.
 */
export function idempotency(requests: IdempotencyRepository): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const key = c.req.method === 'POST' && c.req.path.startsWith('/api/') ? c.req.header(header) : undefined;
    if (key === undefined) return next();
    if (!goodKey.test(key)) throw new InputError('request-invalid');
    const begun = await requests.begin(await c.var.visitor.workspace(), key);
    if (begun.state === 'running') {
      c.header('Retry-After', String(busySeconds));
      throw new UnavailableError('idempotency-busy');
    }
    const digest = new BodyDigest(c);
    if (begun.state === 'mine') return work(c, next, begun.request, digest);
    await readWhole(c, digest);
    if (digest.finish() !== begun.fingerprint) throw new InputError('idempotency-mismatch');
    return replay(c, begun.answer);
  };
}

async function work(c: AppContext, next: () => Promise<void>, request: RunningRequest, digest: BodyDigest) {
  try {
    if (isForm(c)) c.set('bodyDigest', digest);
    else digest.update(new Uint8Array(await c.req.arrayBuffer()));
    await next();
  } catch (error) {
    await request.abandon();
    throw error;
  }
  if (!c.res.ok) return request.abandon();
  const headers = Object.fromEntries([...c.res.headers].filter(([name]) => keptHeaders.test(name)));
  const body = await c.res.clone().text();
  await request.finish(digest.finish(), { status: c.res.status, headers, body });
}

function replay(c: AppContext, { status, headers, body }: KeptAnswer): Response {
  return c.body(body, status as ContentfulStatusCode, { ...headers, 'Idempotency-Replayed': 'true' });
}

/** Reads a repeated body to its end, keeping nothing of it. */
async function readWhole(c: AppContext, digest: BodyDigest): Promise<void> {
  c.env.server.timeout(c.req.raw, longestSilenceSeconds);
  for await (const chunk of c.req.raw.body ?? []) digest.update(chunk);
}
