import type { Database } from './database.ts';

/** Lets one process of all that share the database do a piece of work. */
export class LeaseRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** True for the one caller who may do the work now; nobody else may for `seconds`, whether the caller lives or not. */
  async take(name: string, seconds: number, now: Date): Promise<boolean> {
    const until = new Date(now.getTime() + seconds * 1000).toISOString();
    const { numInsertedOrUpdatedRows } = await this.#database
      .insertInto('leases')
      .values({ name, until })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet({ until }).where('leases.until', '<=', now.toISOString()),
      )
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }
}
