import { InputError } from '#core/errors.ts';
import type { Config } from '../config.ts';
import type { Priority } from '../jobs/queue.ts';
import { hasAdminKey } from './admin.ts';
import type { AppContext } from './context.ts';

/** Who may put jobs ahead of others': the operator. */
function mayUsePriority(c: AppContext, config: Config, priority: Priority): boolean {
  return priority === 'normal' || hasAdminKey(c, config);
}

/** Throws `InputError('forbidden')`. */
export function requirePriority(c: AppContext, config: Config, priority: Priority): void {
  if (!mayUsePriority(c, config, priority)) throw new InputError('forbidden');
}
