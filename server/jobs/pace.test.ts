import { describe, expect, test } from 'bun:test';
import { Pace } from './pace.ts';

const mini = (seconds: number) => ({ engine: 'mini', options: {}, seconds });
const load = (queuedSeconds: number, activeSeconds: number, work = [mini(queuedSeconds + activeSeconds)]) => ({
  counts: { queuedSeconds, activeSeconds },
  work,
});
const start = '2026-01-01T00:00:00.000Z';
const now = Date.parse(start) + 4000;

describe('pace', () => {
  test('the wait is the audio ahead, shared by the workers', () => {
    expect(new Pace(() => 2).wait(load(150, 50))).toBe(10);
    expect(new Pace(() => 2).wait(load(0, 0))).toBe(0);
    expect(new Pace(() => 0).wait(load(100, 0))).toBeNull();
  });

  test('it learns from the jobs that were done', () => {
    const pace = new Pace(() => 1);
    expect(pace.measured('mini')).toBeNull();
    for (let job = 0; job < 40; job++) pace.observe(mini(100), 2);
    expect(pace.measured('mini')).toBeCloseTo(50, 1);
    expect(pace.wait(load(100, 0))).toBeCloseTo(2, 2);
  });

  test('jobs without length or time teach nothing', () => {
    const pace = new Pace(() => 1);
    pace.observe(mini(0), 1);
    pace.observe(mini(10), 0);
    expect(pace.wait(load(100, 0))).toBe(10);
  });

  test('each engine has a speed of its own, and its options weigh', () => {
    const pace = new Pace(() => 1);
    const slow = (seconds: number, diffusionSteps = 10) => ({
      engine: 'seed-vc-fast',
      options: { diffusionSteps },
      seconds,
    });
    for (let job = 0; job < 40; job++) pace.observe(slow(10), 20);
    expect(pace.measured('seed-vc-fast')).toBeCloseTo(0.5, 2);
    expect(pace.measured('mini')).toBeNull();
    expect(pace.wait(load(100, 0))).toBe(10);
    // Half of what is ahead is the slow engine's: 50 s by `mini` in 5 s, 50 s by the other in 100 s.
    expect(pace.wait(load(100, 0, [mini(50), slow(50)]))).toBeCloseTo(105, 0);
    const waiting = { status: 'queued' as const };
    const alone = (steps: number) => pace.remaining(slow(10, steps), waiting, load(0, 0), now) ?? 0;
    expect(alone(10)).toBeCloseTo(20, 0);
    expect(alone(100)).toBeGreaterThan(5 * alone(10));
    // What many steps took tells what few will.
    for (let job = 0; job < 40; job++) pace.observe(slow(10, 100), alone(100));
    expect(alone(10)).toBeCloseTo(20, 0);
  });

  test('a running job is judged by its own progress once that says something', () => {
    const pace = new Pace(() => 1);
    const active = (progress: number) => ({ status: 'active' as const, progress, startedAt: start });
    expect(pace.remaining(mini(60), active(0), load(0, 60), now)).toBe(6);
    expect(pace.remaining(mini(60), active(0.8), load(0, 12), now)).toBeCloseTo(1, 9);
    expect(pace.remaining(mini(60), active(1), load(0, 0), now)).toBe(0);
  });

  test('a waiting job lasts at least as long as its own audio', () => {
    const pace = new Pace(() => 4);
    expect(pace.remaining(mini(40), { status: 'queued' }, load(40, 0), now)).toBe(4);
    expect(pace.remaining(mini(40), { status: 'queued' }, load(400, 0), now)).toBe(10);
  });
});
