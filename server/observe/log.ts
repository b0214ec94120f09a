import pino, { type Logger } from 'pino';
import type { Config } from '../config.ts';

export type { Logger };

/** JSON lines on standard output. What users send (names, audio) stays out of the log; identifiers go in. */
export function createLogger(level: Config['logLevel']): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
