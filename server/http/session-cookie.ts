import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { sessionLifetime } from '../data/sessions.ts';
import type { AppContext } from './context.ts';
import type { Forwarding } from './forwarding.ts';

export const sessionCookieName = 'giong_session';
/** What browsers take only over TLS, from this very host and for all its paths: no neighbour's page can put one in its place. */
const secureName = `__Host-${sessionCookieName}`;

/** The cookie that carries a session's token. */
export class SessionCookie {
  readonly #forwarding: Forwarding;

  constructor(forwarding: Forwarding) {
    this.#forwarding = forwarding;
  }

  read(c: AppContext): string | undefined {
    return getCookie(c, this.#forwarding.isSecure(c) ? secureName : sessionCookieName);
  }

  write(c: AppContext, token: string): void {
    const secure = this.#forwarding.isSecure(c);
    const maxAge = sessionLifetime / 1000;
    setCookie(c, secure ? secureName : sessionCookieName, token, {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      maxAge,
      secure,
    });
  }

  remove(c: AppContext): void {
    const secure = this.#forwarding.isSecure(c);
    deleteCookie(c, secure ? secureName : sessionCookieName, { path: '/', secure });
  }
}
