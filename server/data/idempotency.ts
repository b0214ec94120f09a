import { newToken } from '../ids.ts';
import type { Database } from './database.ts';
import { seal, unseal } from './sealed-text.ts';

/** How long an answer is kept for those who repeat their request, in milliseconds. */
export const answerLifetime = 24 * 3600 * 1000;
/** A request whose process says nothing for so long has died with it, and may be begun anew. */
export const runningLease = 20_000;
const leaseRenewal = 5000;
const sweepInterval = 10 * 60 * 1000;

/** What is told again. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request that is this caller's to work on; exactly one of the two ends it. */
export interface RunningRequest {
  /** Keeps the answer. `fingerprint` tells the request from others that come with the same key. */
  finish(fingerprint: string, answer: KeptAnswer): Promise<void>;
  /** Nothing came of it: the same key may be tried again. */
  abandon(): Promise<void>;
}

export type BegunRequest =
  | { readonly state: 'mine'; readonly request: RunningRequest }
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly fingerprint: string; readonly answer: KeptAnswer };

/**
 * Requests that may be sent twice and are done once. The key's row is written before the work begins, so of several processes
 * that get the same key at once one works. The database holds neither keys nor readable answers, in which secrets may be.
 */
export class IdempotencyRepository {
  readonly #database: Database;
  readonly #now: () => Date;
  #sweptAt = 0;

  constructor(database: Database, now = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  /** Begins the work, or tells what has become of it. */
  async begin(workspaceId: string, key: string): Promise<BegunRequest> {
    await this.#sweep();
    const secret = `${workspaceId}\n${key}`;
    const keyHash = new Bun.CryptoHasher('sha256').update(secret).digest('hex');
    const owner = newToken();
    if (await this.#claim(keyHash, owner)) return { state: 'mine', request: this.#run(keyHash, owner, secret) };
    const row = await this.#database
      .selectFrom('idempotent_requests')
      .select(['fingerprint', 'answer'])
      .where('key_hash', '=', keyHash)
      .executeTakeFirst();
    if (!row?.fingerprint || !row.answer) return { state: 'running' };
    return { state: 'done', fingerprint: row.fingerprint, answer: JSON.parse(unseal(row.answer, secret)) };
  }

  /** True for the one who may begin: the row is new, or what it told of is over. */
  async #claim(keyHash: string, owner: string): Promise<boolean> {
    const row = { owner, expires_at: this.#after(runningLease), fingerprint: null, answer: null };
    const claimed = await this.#database
      .insertInto('idempotent_requests')
      .values({ key_hash: keyHash, ...row })
      .onConflict((conflict) =>
        conflict.column('key_hash').doUpdateSet(row).where('idempotent_requests.expires_at', '<=', this.#after(0)),
      )
      .returning('owner')
      .executeTakeFirst();
    return claimed !== undefined;
  }

  #run(keyHash: string, owner: string, secret: string): RunningRequest {
    const renewal = setInterval(() => void this.#renew(keyHash, owner), leaseRenewal);
    renewal.unref();
    return {
      finish: async (fingerprint, answer) => {
        clearInterval(renewal);
        const sealed = seal(JSON.stringify(answer), secret);
        await this.#database
          .updateTable('idempotent_requests')
          .set({ fingerprint, answer: sealed, expires_at: this.#after(answerLifetime) })
          .where('key_hash', '=', keyHash)
          .where('owner', '=', owner)
          .execute();
      },
      abandon: async () => {
        clearInterval(renewal);
        await this.#database
          .deleteFrom('idempotent_requests')
          .where('key_hash', '=', keyHash)
          .where('owner', '=', owner)
          .execute();
      },
    };
  }

  /** Says that the work goes on. One that fails is made up for by the next. */
  async #renew(keyHash: string, owner: string): Promise<void> {
    await this.#database
      .updateTable('idempotent_requests')
      .set({ expires_at: this.#after(runningLease) })
      .where('key_hash', '=', keyHash)
      .where('owner', '=', owner)
      .where('fingerprint', 'is', null)
      .execute()
      .catch(() => {});
  }

  /** Removes what is over, now and then. */
  async #sweep(): Promise<void> {
    const now = this.#now().getTime();
    if (now - this.#sweptAt < sweepInterval) return;
    this.#sweptAt = now;
    await this.#database.deleteFrom('idempotent_requests').where('expires_at', '<=', this.#after(0)).execute();
  }

  /** The time so many milliseconds from now. */
  #after(milliseconds: number): string {
    return new Date(this.#now().getTime() + milliseconds).toISOString();
  }
}
