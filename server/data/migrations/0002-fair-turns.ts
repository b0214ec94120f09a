import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Turns of the embedded queue, for fairness between workspaces. Jobs that wait already keep their order. */
export const fairTurns: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['turn', 'turn_end']) {
      await db.schema
        .alterTable('queue_entries')
        .addColumn(column, 'integer', (definition) => definition.notNull().defaultTo(0))
        .execute();
    }
    await db.schema.dropIndex('queue_entries_by_turn').execute();
    await db.schema
      .createIndex('queue_entries_by_turn')
      .on('queue_entries')
      .columns(['taken_at', 'priority', 'turn', 'sequence'])
      .execute();
  },
};
