import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { JobQueue, Priority, QueuedJob, QueueEvent } from './queue.ts';

/** How the suite gets at one implementation. Each test has an empty queue of its own. */
export interface QueueFixture {
  /** Opens the queue. Called again within a test, it opens the same one anew, as a restarted process would. */
  open(): Promise<JobQueue>;
  /** The queue's process dies over its jobs, long enough ago that others may have them. */
  crash(queue: JobQueue): Promise<void>;
  /** Throws the queue's contents away. */
  destroy(): Promise<void>;
}

const job = (jobId: string, priority: Priority = 'normal', seconds = 10): QueuedJob => ({
  jobId,
  workspaceId: `workspace-of-${jobId}`,
  priority,
  seconds,
});

const never = new AbortController().signal;

/** Listens from now on. Events come in order, but some time after what they tell of. */
function listenTo(queue: JobQueue) {
  const events: QueueEvent[] = [];
  let arrived = Promise.withResolvers<void>();
  const stop = queue.subscribe((event) => {
    events.push(event);
    arrived.resolve();
  });
  return {
    events,
    stop,
    /** The first `count` events, once they have come. */
    async first(count: number): Promise<QueueEvent[]> {
      while (events.length < count) {
        await arrived.promise;
        arrived = Promise.withResolvers();
      }
      return events.slice(0, count);
    },
  };
}

const asText = ({ type, jobId }: QueueEvent) => `${type} ${jobId}`;

/** The behaviour that every `JobQueue` owes its callers. */
export function describeJobQueue(name: string, createFixture: () => Promise<QueueFixture>): void {
  describe(`${name} as a job queue`, () => {
    let fixture: QueueFixture;
    let queue: JobQueue;
    beforeEach(async () => {
      fixture = await createFixture();
      queue = await fixture.open();
    });
    afterEach(async () => {
      await queue.close();
      await fixture.destroy();
    });

    const takeId = async () => (await queue.take(never))?.jobId;

    test('gives jobs in order of arrival', async () => {
      for (const id of ['a', 'b', 'c']) await queue.add(job(id));
      expect([await takeId(), await takeId(), await takeId()]).toEqual(['a', 'b', 'c']);
    });

    test('gives urgent jobs first', async () => {
      await queue.add(job('normal', 'normal'));
      await queue.add(job('paid', 'paid'));
      await queue.add(job('admin', 'admin'));
      expect([await takeId(), await takeId(), await takeId()]).toEqual(['admin', 'paid', 'normal']);
    });

    test('tells the taker all about the job', async () => {
      await queue.add(job('a', 'paid', 12.5));
      expect(await queue.take(never)).toEqual({ ...job('a', 'paid', 12.5), attempt: 1 });
    });

    test('takes a job twice added only once', async () => {
      await queue.add(job('a'));
      await queue.add(job('a'));
      await takeId();
      expect((await queue.counts()).queued.normal).toBe(0);
    });

    test('gives each job to one taker, however many ask at once', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `job-${index}`);
      const takers = ids.map(() => takeId());
      for (const id of ids) await queue.add(job(id));
      expect((await Promise.all(takers)).toSorted()).toEqual(ids.toSorted());
    });

    test('a taker waits for a job', async () => {
      const taken = takeId();
      await queue.add(job('late'));
      expect(await taken).toBe('late');
    });

    test('a taker that stops gets nothing, and its job goes to the next', async () => {
      const stopping = new AbortController();
      const stopped = queue.take(stopping.signal);
      stopping.abort();
      expect(await stopped).toBeUndefined();
      const other = takeId();
      await queue.add(job('a'));
      expect(await other).toBe('a');
    });

    test('a taker with an aborted signal takes nothing', async () => {
      await queue.add(job('a'));
      expect(await queue.take(AbortSignal.abort())).toBeUndefined();
      expect((await queue.counts()).queued.normal).toBe(1);
    });

    test('closing ends the wait of the takers', async () => {
      const waiting = queue.take(never);
      await queue.close();
      expect(await waiting).toBeUndefined();
    });

    test('tells where jobs stand', async () => {
      await queue.add(job('running'));
      await queue.add(job('waiting'));
      await queue.take(never);
      await queue.progress('running', 0.25);
      const states = await queue.states(['running', 'waiting', 'unknown']);
      expect(states.get('running')).toMatchObject({ status: 'active', progress: 0.25 });
      expect(states.get('waiting')).toEqual({ status: 'queued' });
      expect(states.has('unknown')).toBe(false);
    });

    test('counts jobs and seconds of audio that are left', async () => {
      await queue.add(job('a', 'admin', 100));
      await queue.add(job('b', 'normal', 10));
      await queue.add(job('c', 'normal', 20));
      await queue.take(never);
      await queue.progress('a', 0.75);
      expect(await queue.counts()).toEqual({
        queued: { admin: 0, paid: 0, normal: 2 },
        active: 1,
        queuedSeconds: 30,
        activeSeconds: 25,
      });
    });

    test('an empty queue counts nothing', async () => {
      expect(await queue.counts()).toEqual({
        queued: { admin: 0, paid: 0, normal: 0 },
        active: 0,
        queuedSeconds: 0,
        activeSeconds: 0,
      });
    });

    test('a finished job is gone', async () => {
      await queue.add(job('a'));
      await queue.take(never);
      await queue.finish('a');
      expect((await queue.states(['a'])).size).toBe(0);
      expect((await queue.counts()).active).toBe(0);
    });

    test('a job handed back keeps its place; only what counts is a further attempt', async () => {
      await queue.add(job('a'));
      await queue.add(job('b'));
      await queue.take(never);
      await queue.progress('a', 0.5);
      await queue.handBack('a', false);
      expect((await queue.states(['a'])).get('a')).toEqual({ status: 'queued' });
      expect(await queue.take(never)).toMatchObject({ jobId: 'a', attempt: 1 });
      await queue.handBack('a', true);
      expect(await queue.take(never)).toMatchObject({ jobId: 'a', attempt: 2 });
    });

    test('a job handed back wakes a waiting taker', async () => {
      await queue.add(job('a'));
      await queue.take(never);
      const next = queue.take(never);
      await queue.handBack('a', true);
      expect(await next).toMatchObject({ jobId: 'a', attempt: 2 });
    });

    test('a cancelled job leaves the queue; if it runs, its runner hears of it first', async () => {
      const news = listenTo(queue);
      await queue.add(job('running'));
      await queue.add(job('waiting'));
      await queue.take(never);
      await queue.cancel('waiting');
      await queue.cancel('running');
      expect((await news.first(6)).map(asText)).toEqual([
        'queued running',
        'queued waiting',
        'active running',
        'finished waiting',
        'cancel running',
        'finished running',
      ]);
      expect((await queue.states(['running', 'waiting'])).size).toBe(0);
    });

    test('words about a job that is not in the queue change nothing and tell nobody', async () => {
      const news = listenTo(queue);
      await queue.progress('ghost', 0.5);
      await queue.finish('ghost');
      await queue.handBack('ghost', true);
      await queue.cancel('ghost');
      expect((await queue.states(['ghost'])).size).toBe(0);
      await queue.add(job('ghost'));
      expect((await news.first(1)).map(asText)).toEqual(['queued ghost']);
      expect(await queue.take(never)).toMatchObject({ jobId: 'ghost', attempt: 1 });
    });

    test('tells listeners the life of a job, until they stop listening', async () => {
      const news = listenTo(queue);
      await queue.add(job('a'));
      await queue.take(never);
      await queue.progress('a', 0.5);
      await queue.finish('a');
      const workspaceId = 'workspace-of-a';
      expect(await news.first(4)).toEqual([
        { type: 'queued', jobId: 'a', workspaceId },
        { type: 'active', jobId: 'a', workspaceId },
        { type: 'progress', jobId: 'a', workspaceId, progress: 0.5 },
        { type: 'finished', jobId: 'a', workspaceId },
      ]);
      news.stop();
      const later = listenTo(queue);
      await queue.add(job('b'));
      await later.first(1);
      expect(news.events).toHaveLength(4);
    });

    /** Jobs of one workspace, 10 s each, in line. */
    const addMany = async (workspaceId: string, count: number, seconds = 10) => {
      for (let index = 1; index <= count; index++) {
        await queue.add({ jobId: `${workspaceId}-${index}`, workspaceId, priority: 'normal', seconds });
      }
    };
    const takeMany = async (count: number) => {
      const ids: (string | undefined)[] = [];
      while (ids.length < count) ids.push(await takeId());
      return ids;
    };

    test('one user with 200 jobs keeps another waiting for no more than the jobs that run', async () => {
      await addMany('many', 200);
      const [first = ''] = await takeMany(4);
      await addMany('one', 1);
      await addMany('other', 1);
      await queue.finish(first);
      expect(await takeMany(3)).toEqual(['one-1', 'other-1', 'many-5']);
    }, 20_000);

    test('users who wait get equal seconds of audio, each in order', async () => {
      await addMany('short', 4, 10);
      await addMany('long', 2, 20);
      expect(await takeMany(6)).toEqual(['short-1', 'long-1', 'short-2', 'short-3', 'long-2', 'short-4']);
    });

    test('a user who comes back queues neither behind what is done nor ahead of those who wait', async () => {
      await addMany('early', 3);
      for (const id of await takeMany(3)) await queue.finish(id ?? '');
      await addMany('steady', 2);
      await addMany('early', 2);
      expect(await takeMany(4)).toEqual(['steady-1', 'early-1', 'steady-2', 'early-2']);
    });

    test('jobs that a user cancelled cost no turn', async () => {
      await addMany('fickle', 5);
      await addMany('steady', 3);
      for (const id of [2, 3, 4, 5]) await queue.cancel(`fickle-${id}`);
      await queue.add({ jobId: 'fickle-6', workspaceId: 'fickle', priority: 'normal', seconds: 10 });
      expect(await takeMany(5)).toEqual(['fickle-1', 'steady-1', 'steady-2', 'fickle-6', 'steady-3']);
    });

    test('a turn counts among jobs of one priority only', async () => {
      await addMany('many', 3);
      await queue.add({ jobId: 'urgent', workspaceId: 'many', priority: 'paid', seconds: 10 });
      await queue.add({ jobId: 'urgent-too', workspaceId: 'one', priority: 'paid', seconds: 10 });
      expect(await takeMany(3)).toEqual(['urgent', 'urgent-too', 'many-1']);
    });

    test('after a restart, waiting jobs wait on and begun ones are taken again, in the same order', async () => {
      for (const id of ['a', 'b', 'c']) await queue.add(job(id));
      await queue.take(never);
      await queue.progress('a', 0.9);
      await fixture.crash(queue);
      const reopened = await fixture.open();
      expect(await reopened.recover()).toBe(1);
      expect(await reopened.take(never)).toMatchObject({ jobId: 'a', attempt: 2 });
      expect(await reopened.take(never)).toMatchObject({ jobId: 'b', attempt: 1 });
      expect((await reopened.states(['a'])).get('a')).toMatchObject({ progress: 0 });
      await reopened.close();
    });
  });
}
