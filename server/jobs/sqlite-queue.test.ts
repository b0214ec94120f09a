import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../data/database.ts';
import { describeJobQueue } from './queue.contract.ts';
import { SqliteQueue } from './sqlite-queue.ts';

describeJobQueue('SqliteQueue', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'giong-queue-'));
  const databases: Database[] = [];
  return {
    async open() {
      const database = await openDatabase(join(folder, 'giong.sqlite'));
      databases.push(database);
      return new SqliteQueue(database);
    },
    async crash() {
      // Its jobs are free as soon as the next process says so.
    },
    async destroy() {
      await Promise.all(databases.map((database) => database.destroy()));
      await rm(folder, { recursive: true });
    },
  };
});
