import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { type Capacity, describeCapacity, usersOf } from '#server/cli/bench-view.ts';

const main = join(import.meta.dir, '..', '..', 'server', 'cli', 'main.ts');

async function bench(...args: readonly string[]) {
  const child = Bun.spawn([process.execPath, main, 'bench', ...args], { stdout: 'pipe', stderr: 'pipe' });
  const [out, code] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  return { out, code };
}

test('giong bench measures real conversions', async () => {
  const { out, code } = await bench('--workers', '2', '--jobs', '1', '--json');
  expect(code).toBe(0);
  const { steps, best, users }: Capacity = JSON.parse(out);
  expect(steps.map(({ workers, jobs }) => ({ workers, jobs }))).toEqual([
    { workers: 1, jobs: 1 },
    { workers: 2, jobs: 2 },
  ]);
  for (const { clipSeconds, jobsPerMinute, realTimeFactor, workers } of steps) {
    expect(clipSeconds).toBeCloseTo(9.29, 1);
    expect(realTimeFactor * clipSeconds * jobsPerMinute).toBeCloseTo(60 * workers, 3);
  }
  expect(users).toBe(usersOf(best.jobsPerMinute));
});

test('a count that is none is a mistake in the call', async () => {
  expect((await bench('--workers', 'many')).code).toBe(2);
  expect((await bench('--jobs', '0')).code).toBe(2);
});

test('the outcome stands beside what the guide expects', () => {
  const step = {
    workers: 4,
    jobs: 16,
    clipSeconds: 9.29,
    jobsPerMinute: 80,
    realTimeFactor: 0.32,
    memoryBytes: 2 ** 30,
  };
  const lines = describeCapacity({ cores: 4, steps: [step], best: step, users: usersOf(80) }, 'en');
  expect(lines).toContain('4                         80.0         0.320      1024 MiB');
  expect(lines).toContain('8 cores                     25            50');
  expect(lines.join('\n')).toContain('holds some 160 users');
  expect(lines.at(-1)).toBe('Settings: GIONG_WORKERS=4 GIONG_PROCESS_MEMORY=2G');
});
