import { createHash } from 'node:crypto';
import type { RedisClient } from './connection.ts';

/** A Lua script, which Redis runs whole before it does anything else; sent in full only to a server that has not seen it. */
export class Script {
  readonly #lua: string;
  readonly #sha1: string;

  constructor(lua: string) {
    this.#lua = lua;
    this.#sha1 = createHash('sha1').update(lua).digest('hex');
  }

  /** Answers what the script returns, as ioredis gives it: numbers, strings, null and lists of these. */
  async run(client: RedisClient, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    try {
      return await client.evalsha(this.#sha1, keys.length, ...keys, ...values);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.eval(this.#lua, keys.length, ...keys, ...values);
    }
  }
}
