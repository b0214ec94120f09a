import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** With this niceness a thread gets about a tenth of what the server's own thread gets while both want the same core. */
const niceness = 10;

/**
 * Lets the server's own thread go before this one, so that requests are answered soon while every core converts. On Linux, where a
 * thread has a priority of its own; elsewhere nothing happens.
 */
export function yieldToServer(): void {
  const thread = threadId();
  if (thread !== undefined) setPriority(thread, niceness);
}

/** The kernel's id of this thread; undefined where it can't be known, which must not keep a worker from its work. */
function threadId(): number | undefined {
  try {
    // "PID/task/TID"
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return undefined;
  }
}
