import { describe, expect, test } from 'bun:test';
import { Pace } from './pace.ts';

const counts = (queuedSeconds: number, activeSeconds: number) => ({
  queued: { admin: 0, paid: 0, normal: 0 },
  active: 0,
  queuedSeconds,
  activeSeconds,
});
const start = '2026-01-01T00:00:00.000Z';
const now = Date.parse(start) + 4000;

describe('pace', () => {
  test('the wait is the audio ahead, shared by the workers', () => {
    expect(new Pace(() => 2).wait(counts(150, 50))).toBe(10);
    expect(new Pace(() => 2).wait(counts(0, 0))).toBe(0);
    expect(new Pace(() => 0).wait(counts(100, 0))).toBeNull();
  });

  test('it learns from the jobs that were done', () => {
    const pace = new Pace(() => 1);
    for (let job = 0; job < 40; job++) pace.observe(100, 2);
    expect(pace.wait(counts(100, 0))).toBeCloseTo(2, 2);
  });

  test('jobs without length or time teach nothing', () => {
    const pace = new Pace(() => 1);
    pace.observe(0, 1);
    pace.observe(10, 0);
    expect(pace.wait(counts(100, 0))).toBe(10);
  });

  test('a running job is judged by its own progress once that says something', () => {
    const pace = new Pace(() => 1);
    const active = (progress: number) => ({ status: 'active' as const, progress, startedAt: start });
    expect(pace.remaining(60, active(0), counts(0, 60), now)).toBe(6);
    expect(pace.remaining(60, active(0.8), counts(0, 12), now)).toBeCloseTo(1, 9);
    expect(pace.remaining(60, active(1), counts(0, 0), now)).toBe(0);
  });

  test('a waiting job lasts at least as long as its own audio', () => {
    const pace = new Pace(() => 4);
    expect(pace.remaining(40, { status: 'queued' }, counts(40, 0), now)).toBe(4);
    expect(pace.remaining(40, { status: 'queued' }, counts(400, 0), now)).toBe(10);
  });
});
