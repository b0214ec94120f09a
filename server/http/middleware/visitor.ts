import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { SessionRepository } from '../../data/sessions.ts';
import type { AppEnv, Visitor } from '../context.ts';

export const cookieName = 'giong_session';
const cookieSeconds = 365 * 24 * 3600;

/** Knows the visitor by the session cookie. Nothing is looked up or made until a route asks. */
export function visitor(sessions: SessionRepository): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.set('visitor', visitorOf(c, sessions));
    await next();
  };
}

function visitorOf(c: Context, sessions: SessionRepository): Visitor {
  let found: Promise<string | undefined> | undefined;
  const find = () => {
    const token = getCookie(c, cookieName);
    found ??= token === undefined ? Promise.resolve(undefined) : sessions.workspaceOf(token);
    return found;
  };
  const create = async () => {
    const { token, workspaceId } = await sessions.create();
    const secure = c.req.header('X-Forwarded-Proto') === 'https' || new URL(c.req.url).protocol === 'https:';
    setCookie(c, cookieName, token, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: cookieSeconds, secure });
    found = Promise.resolve(workspaceId);
    return workspaceId;
  };
  return { find, workspace: async () => (await find()) ?? create() };
}
