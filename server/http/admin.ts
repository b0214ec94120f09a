import { createHash, timingSafeEqual } from 'node:crypto';
import { InputError } from '#core/errors.ts';
import type { Config } from '../config.ts';
import type { AppContext } from './context.ts';

/** Throws `InputError('unauthorized')` unless the request carries the admin key (`Authorization: Bearer`). Without one in the configuration nobody does. */
export function requireAdmin(c: AppContext, { adminKey }: Pick<Config, 'adminKey'>): void {
  const given = /^Bearer (.+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  if (adminKey !== undefined && given !== undefined && timingSafeEqual(digest(given), digest(adminKey))) return;
  c.header('WWW-Authenticate', 'Bearer');
  throw new InputError('unauthorized');
}

/** Equally long for any two texts, so that the comparison takes equally long too. */
const digest = (text: string) => createHash('sha256').update(text).digest();
