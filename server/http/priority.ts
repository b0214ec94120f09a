import { InputError } from '#core/errors.ts';
import { type Priority, priorities } from '../jobs/queue.ts';
import type { AppContext } from './context.ts';

/**
 * The priority of the visitor's jobs: what the key gives, or a lower one that is asked for.
 * Throws `InputError('forbidden')` where more is asked for than the visitor may.
 */
export function jobPriority(c: AppContext, asked: Priority = c.var.visitor.priority): Priority {
  if (priorities.indexOf(asked) < priorities.indexOf(c.var.visitor.priority)) throw new InputError('forbidden');
  return asked;
}
