import { afterEach, beforeEach, expect, test } from 'bun:test';
import { type Database, openDatabase } from '../data/database.ts';
import { JobRepository } from '../data/jobs.ts';
import type { LiveMessage } from '../http/api-types.ts';
import { viewJob } from '../jobs/job-view.ts';
import { Pace } from '../jobs/pace.ts';
import { createLogger } from '../observe/log.ts';
import { LiveHub } from './hub.ts';

const workspaceId = 'w_1';
let database: Database;
let rows: JobRepository;
let hub: LiveHub;

beforeEach(async () => {
  database = await openDatabase(':memory:');
  rows = new JobRepository(database);
  hub = new LiveHub({
    // A queue that says nothing: what is heard comes from the database.
    queue: { subscribe: () => () => undefined },
    jobs: {
      current: async () => (await rows.list(workspaceId, 10)).map((row) => viewJob(row, undefined, null, 'en')),
      get: async (_, id) => {
        const row = await rows.find(workspaceId, id);
        if (!row) throw new Error(`no job ${id}`);
        return viewJob(row, undefined, null, 'en');
      },
      unfinishedIds: (id) => rows.unfinishedIds(id),
    },
    pace: new Pace(() => 1),
    log: createLogger('silent'),
    lookMilliseconds: 5,
  });
});
afterEach(async () => {
  hub.close();
  await database.destroy();
});

async function insertJob(id: string): Promise<void> {
  await rows.insertSubmission({
    jobs: [
      {
        id,
        workspace_id: workspaceId,
        priority: 'normal',
        engine: 'mini',
        source_id: 'u_1',
        source_name: 'a.wav',
        source_seconds: 6,
        voice_id: 'v_1',
        voice_name: 'An',
        options: '{}',
        created_at: new Date().toISOString(),
        content_key: id,
        result_job_id: null,
      },
    ],
  });
}

/** A socket of the workspace; `next` is the message that comes next. */
function joinAsClient() {
  const messages: LiveMessage[] = [];
  const waiting: ((message: LiveMessage) => void)[] = [];
  const client = {
    workspaceId,
    language: 'en' as const,
    send(message: LiveMessage) {
      const wanted = waiting.shift();
      if (wanted) wanted(message);
      else messages.push(message);
    },
    close: () => undefined,
    dismiss: () => undefined,
  };
  hub.join(client);
  const next = () => {
    const message = messages.shift();
    return message ? Promise.resolve(message) : new Promise<LiveMessage>((resolve) => waiting.push(resolve));
  };
  return { next, unread: messages };
}

test('an end that no event told of is found in the database and told once', async () => {
  await insertJob('j_1');
  await insertJob('j_2');
  const client = joinAsClient();
  expect(await client.next()).toMatchObject({ type: 'hello', jobs: [{ status: 'queued' }, { status: 'queued' }] });
  await rows.finish('j_1', { outcome: 'cancelled' }, null);
  expect(await client.next()).toMatchObject({ type: 'job', job: { id: 'j_1', status: 'cancelled' } });
  await rows.finish('j_2', { outcome: 'cancelled' }, null);
  expect(await client.next()).toMatchObject({ type: 'job', job: { id: 'j_2', status: 'cancelled' } });
  expect(client.unread).toEqual([]);
});
