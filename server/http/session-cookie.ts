import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { sessionLifetime } from '../data/sessions.ts';

export const sessionCookieName = 'giong_session';
/** What browsers take only over TLS, from this very host and for all its paths: no neighbour's page can put one in its place. */
const secureName = `__Host-${sessionCookieName}`;

/** The cookie that carries a session's token. `proxies` as in the configuration. */
export class SessionCookie {
  readonly #proxies: number;

  constructor(proxies: number) {
    this.#proxies = proxies;
  }

  read(c: Context): string | undefined {
    return getCookie(c, this.#isSecure(c) ? secureName : sessionCookieName);
  }

  write(c: Context, token: string): void {
    const secure = this.#isSecure(c);
    const maxAge = sessionLifetime / 1000;
    setCookie(c, secure ? secureName : sessionCookieName, token, {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      maxAge,
      secure,
    });
  }

  remove(c: Context): void {
    const secure = this.#isSecure(c);
    deleteCookie(c, secure ? secureName : sessionCookieName, { path: '/', secure });
  }

  /** Whether the browser speaks TLS, as far as it can be known: of what headers say, only proxies of ours are believed. */
  #isSecure(c: Context): boolean {
    if (new URL(c.req.url).protocol === 'https:') return true;
    if (this.#proxies === 0) return false;
    const entries = (c.req.header('X-Forwarded-Proto') ?? '').split(',').map((entry) => entry.trim());
    return (entries.at(-this.#proxies) ?? entries[0]) === 'https';
  }
}
