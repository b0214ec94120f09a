import { createHash, timingSafeEqual } from 'node:crypto';
import { InputError } from '#core/errors.ts';
import type { Config } from '../config.ts';
import { bearerOf } from './bearer.ts';
import type { AppContext } from './context.ts';

/** The operator's own workspace, whatever the key is today. */
export const adminWorkspace = 'w_admin';

/** Whether the request carries the operator's key, as `Authorization: Bearer`. */
export function hasAdminKey(c: AppContext, { adminKey }: Pick<Config, 'adminKey'>): boolean {
  return isAdminKey(bearerOf(c), adminKey);
}

/** Whether what was given is the operator's key; nothing is where there is none. */
export function isAdminKey(given: string | undefined, adminKey: string | undefined): boolean {
  if (adminKey === undefined || given === undefined) return false;
  return timingSafeEqual(digest(given), digest(adminKey));
}

/** Lets only the operator go on: throws `InputError('unauthorized')`, or `InputError('forbidden')` for who is known as somebody else. */
export function requireAdmin(c: AppContext, config: Pick<Config, 'adminKey'>): void {
  if (hasAdminKey(c, config)) return;
  throw new InputError(c.var.visitor.access === 'key' ? 'forbidden' : 'unauthorized');
}

/** Equally long for any two texts, so that the comparison takes equally long too. */
function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
