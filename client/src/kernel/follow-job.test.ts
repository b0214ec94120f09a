import { expect, test } from 'bun:test';
import { CancelledError, type GiongError } from '#core/errors.ts';
import type { Job } from '#server/http/api-types.ts';
import { ServerUnreachableError } from './api-errors.ts';
import { followJob } from './follow-job.ts';
import type { LiveListener } from './live-connection.ts';

function job(change: Partial<Job> = {}): Job {
  return {
    id: 'j_1',
    status: 'queued',
    progress: 0,
    etaSeconds: null,
    error: null,
    engine: 'mini',
    source: { id: 'u_1', name: 'a.wav', seconds: 3 },
    voice: { id: 'sample-1', name: 'A' },
    options: { strength: 1, pitch: 'auto', formant: 0, noiseReduction: 0, format: 'wav', seed: 0, similarity: false },
    createdAt: '2026-01-01T00:00:00Z',
    startedAt: null,
    finishedAt: null,
    result: null,
    similarity: null,
    ...change,
  };
}

const doneJob = job({
  status: 'done',
  progress: 1,
  result: { name: 'a.wav', url: '/api/results/1', bytes: 10, seconds: 3, format: 'wav', sampleRate: 16000 },
});

/** A server whose answers are given one by one, and a live connection that speaks when the test says. */
function setUp(...answers: (Job | Error)[]) {
  const listeners = new Set<LiveListener>();
  const asked: string[] = [];
  const updates: unknown[] = [];
  const following = (signal?: AbortSignal) =>
    followJob(
      'j_1',
      {
        api: {
          job: async (id) => {
            asked.push(id);
            const answer = answers.length > 1 ? answers.shift() : answers[0];
            if (!answer || answer instanceof Error) throw answer;
            return answer;
          },
        },
        live: {
          listen: (listener) => {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
        },
      },
      { onUpdate: (news) => updates.push(news), onConnected: (connected) => updates.push(connected) },
      signal,
    );
  return { following, listeners, asked, updates };
}

test('a job that is over before the connection stands is found over', async () => {
  const { following, listeners } = setUp(doneJob);
  expect(await following()).toEqual(doneJob);
  expect(listeners.size).toBe(0);
});

test('progress comes from the live connection, and other jobs are passed over', async () => {
  const { following, listeners, updates } = setUp(job());
  const finished = following();
  await Promise.resolve();
  for (const { onMessage } of listeners) {
    onMessage({ type: 'progress', id: 'j_2', progress: 0.9, etaSeconds: null });
    onMessage({ type: 'job', job: job({ id: 'j_2', status: 'failed' }) });
    onMessage({ type: 'progress', id: 'j_1', progress: 0.4, etaSeconds: 2 });
    onMessage({ type: 'job', job: doneJob });
  }
  expect(await finished).toEqual(doneJob);
  expect(updates).toContainEqual({ status: 'active', progress: 0.4, etaSeconds: 2 });
  expect(updates).not.toContainEqual({ status: 'active', progress: 0.9, etaSeconds: null });
});

test('a job that ended while the connection was down is found by asking', async () => {
  const { following, listeners } = setUp(job({ status: 'active', progress: 0.2 }), doneJob);
  const finished = following();
  await Promise.resolve();
  for (const { onResync } of listeners) onResync?.();
  expect(await finished).toEqual(doneJob);
});

test('a server that is away for a moment does not end it', async () => {
  const { following, listeners, asked } = setUp(new ServerUnreachableError(), doneJob);
  const finished = following();
  await Promise.resolve();
  expect(asked).toHaveLength(1);
  for (const { onResync } of listeners) onResync?.();
  expect(await finished).toEqual(doneJob);
});

test('a failed job rejects with its code and the words of the server', async () => {
  const error = { code: 'audio-silent', title: 'Im lặng', detail: 'Ghi lại' } as const;
  const { following } = setUp(job({ status: 'failed', error }));
  const failure: GiongError = await following().then(
    () => expect.unreachable(),
    (reason) => reason,
  );
  expect(failure.code).toBe('audio-silent');
  expect(failure.cause).toMatchObject({ title: 'Im lặng', advice: 'Ghi lại' });
});

test('a job cancelled elsewhere, and one cancelled here, reject as cancelled and stop listening', async () => {
  const elsewhere = setUp(job({ status: 'cancelled' }));
  expect(elsewhere.following()).rejects.toBeInstanceOf(CancelledError);
  const here = setUp(job());
  const controller = new AbortController();
  const following = here.following(controller.signal);
  controller.abort();
  expect(following).rejects.toBeInstanceOf(CancelledError);
  await following.catch(() => undefined);
  expect(here.listeners.size).toBe(0);
});

test('nothing is told after the end', async () => {
  const { following, listeners, updates } = setUp(job());
  const finished = following();
  await Promise.resolve();
  const kept = [...listeners];
  for (const { onMessage } of kept) onMessage({ type: 'job', job: doneJob });
  await finished;
  const told = updates.length;
  for (const { onMessage } of kept) onMessage({ type: 'job', job: job({ status: 'active', progress: 0.5 }) });
  expect(updates).toHaveLength(told);
});
