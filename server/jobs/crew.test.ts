import { describe, expect, test } from 'bun:test';
import { Crew } from './crew.ts';

/** A crew whose jobs come and end when the test says so. */
function startCrew(size: number) {
  const takers = new Set<(job: string | undefined) => void>();
  const endings = new Map<string, () => void>();
  const ended: string[] = [];
  const crew = new Crew<string>(
    (signal) =>
      new Promise((resolve) => {
        const give = (job: string | undefined) => {
          takers.delete(give);
          resolve(job);
        };
        takers.add(give);
        signal.addEventListener('abort', () => give(undefined));
      }),
    async (job) => {
      await new Promise<void>((resolve) => endings.set(job, resolve));
      ended.push(job);
    },
  );
  crew.resize(size);
  return {
    crew,
    ended,
    waiting: () => takers.size,
    give: (job: string) => [...takers][0]?.(job),
    /** Lets the job end, and those who hear of it act. */
    async end(job: string) {
      endings.get(job)?.();
      await new Promise(setImmediate);
    },
  };
}

describe('crew', () => {
  test('takes as many jobs at once as it has members', async () => {
    const { crew, waiting, give } = startCrew(2);
    expect(waiting()).toBe(2);
    give('a');
    expect(waiting()).toBe(1);
    crew.resize(4);
    expect(waiting()).toBe(3);
  });

  test('shrinks by those that wait; their places can be filled again at once', async () => {
    const { crew, waiting, give, end, ended } = startCrew(3);
    give('a');
    await end('none');
    crew.resize(1);
    expect(waiting()).toBe(0);
    crew.resize(2);
    expect(waiting()).toBe(1);
    await end('a');
    expect(ended).toEqual(['a']);
    expect(waiting()).toBe(2);
  });

  test('those who work leave after their job', async () => {
    const { crew, waiting, give, end, ended } = startCrew(2);
    give('a');
    give('b');
    await end('none');
    crew.resize(1);
    await end('a');
    await end('b');
    expect(ended).toEqual(['a', 'b']);
    expect(waiting()).toBe(1);
  });

  test('dismissed, it takes nothing more and waits for the jobs that run', async () => {
    const { crew, waiting, give, end } = startCrew(2);
    give('a');
    await end('none');
    let isOver = false;
    const over = crew.dismiss().then(() => {
      isOver = true;
    });
    expect(waiting()).toBe(0);
    await end('none');
    expect(isOver).toBe(false);
    await end('a');
    await over;
  });
});
