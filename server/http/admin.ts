import { createHash, timingSafeEqual } from 'node:crypto';
import { InputError } from '#core/errors.ts';
import type { Config } from '../config.ts';
import type { AppContext } from './context.ts';

/** Whether the request carries the operator's key, as `Authorization: Bearer`. */
export function hasAdminKey(c: AppContext, { adminKey }: Pick<Config, 'adminKey'>): boolean {
  const given = /^Bearer (.+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  if (adminKey === undefined || given === undefined) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(adminKey));
}

/** Lets only the operator go on: throws `InputError('unauthorized')`. */
export function requireAdmin(c: AppContext, config: Pick<Config, 'adminKey'>): void {
  if (hasAdminKey(c, config)) return;
  c.header('WWW-Authenticate', 'Bearer');
  throw new InputError('unauthorized');
}
