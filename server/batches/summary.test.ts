import { expect, test } from 'bun:test';
import type { BatchRow } from '../data/schema.ts';
import { type JobState, summarize } from './summary.ts';

const row: BatchRow = {
  id: 'b_1',
  workspace_id: 'w_1',
  name: 'Truyện',
  voice_id: 'v_1',
  voice_name: 'Bà Tư',
  created_at: '2026-01-01T00:00:00.000Z',
};

const queued = (seconds: number, etaSeconds: number | null = 10): JobState => ({
  status: 'queued',
  progress: 0,
  etaSeconds,
  finishedAt: null,
  seconds,
});
const active = (seconds: number, progress: number): JobState => ({ ...queued(seconds, 5), status: 'active', progress });
const ended = (status: 'done' | 'failed' | 'cancelled', seconds: number, minute = 1): JobState => ({
  status,
  progress: status === 'done' ? 1 : 0,
  etaSeconds: null,
  finishedAt: `2026-01-01T00:0${minute}:00.000Z`,
  seconds,
});

test('a batch is queued until its first job begins, then active until its last ends', () => {
  expect(summarize(row, [queued(1), queued(2)]).status).toBe('queued');
  expect(summarize(row, [active(1, 0), queued(2)]).status).toBe('active');
  expect(summarize(row, [ended('failed', 1), queued(2)]).status).toBe('active');
});

test('a batch that has ended is done when any job is, else failed, else cancelled', () => {
  expect(summarize(row, [ended('failed', 1), ended('done', 1), ended('cancelled', 1)]).status).toBe('done');
  expect(summarize(row, [ended('failed', 1), ended('cancelled', 1)]).status).toBe('failed');
  expect(summarize(row, [ended('cancelled', 1)]).status).toBe('cancelled');
});

test('progress goes by seconds of audio, and what failed counts as dealt with', () => {
  const { progress, counts } = summarize(row, [ended('done', 10), ended('failed', 10), active(60, 0.5), queued(20)]);
  expect(progress).toBeCloseTo(0.5, 10);
  expect(counts).toEqual({ queued: 1, active: 1, done: 1, failed: 1, cancelled: 0 });
});

test('the time left is that of the job that ends last; one that nobody works on makes it unknown', () => {
  expect(summarize(row, [active(1, 0), queued(2, 30), ended('done', 1)]).etaSeconds).toBe(30);
  expect(summarize(row, [active(1, 0), queued(2, null)]).etaSeconds).toBeNull();
  expect(summarize(row, [ended('done', 1)]).etaSeconds).toBeNull();
});

test('it has ended when its last job has, and has a result as soon as one is done', () => {
  const half = summarize(row, [ended('done', 1), queued(1)]);
  expect(half).toMatchObject({ finishedAt: null, resultUrl: '/api/batches/b_1/result' });
  const whole = summarize(row, [ended('failed', 1, 3), ended('failed', 1, 2)]);
  expect(whole).toMatchObject({ finishedAt: '2026-01-01T00:03:00.000Z', resultUrl: null });
});
