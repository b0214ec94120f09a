import { cpus } from 'node:os';

/** `taskset` as the beginning of a command that may use one core only, the machine's last; empty where there is no such program. */
export const onOneCore: readonly string[] = Bun.which('taskset') ? ['taskset', '-c', String(cpus().length - 1)] : [];
