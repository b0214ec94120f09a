import { describe, expect, test } from 'bun:test';
import { Intake } from './intake.ts';

const never = new AbortController().signal;

/** An intake whose source is filled by hand. */
function createIntake() {
  const arrivals: PromiseWithResolvers<string | undefined>[] = [];
  const returned: string[] = [];
  const failures: unknown[] = [];
  let asked = Promise.withResolvers<void>();
  const intake = new Intake<string>({
    fetch() {
      const arrival = Promise.withResolvers<string | undefined>();
      arrivals.push(arrival);
      asked.resolve();
      return arrival.promise;
    },
    async giveBack(item) {
      returned.push(item);
    },
    async failed(error) {
      failures.push(error);
    },
  });
  return {
    intake,
    returned,
    failures,
    /** Answers the fetch that is under way, waiting for it if needed. */
    async arrive(item: string | undefined | Error) {
      while (arrivals.length === 0) {
        await asked.promise;
        asked = Promise.withResolvers();
      }
      const arrival = arrivals.shift();
      if (item instanceof Error) arrival?.reject(item);
      else arrival?.resolve(item);
    },
  };
}

describe('Intake', () => {
  test('gives items to takers in the order in which they came', async () => {
    const { intake, arrive } = createIntake();
    const first = intake.take(never);
    const second = intake.take(never);
    await arrive('a');
    await arrive('b');
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
  });

  test('asks again when nothing came', async () => {
    const { intake, arrive } = createIntake();
    const taken = intake.take(never);
    await arrive(undefined);
    await arrive('late');
    expect(await taken).toBe('late');
  });

  test('gives back what comes for nobody', async () => {
    const { intake, arrive, returned } = createIntake();
    const stopping = new AbortController();
    const taken = intake.take(stopping.signal);
    stopping.abort();
    expect(await taken).toBeUndefined();
    await arrive('a');
    await intake.idle();
    expect(returned).toEqual(['a']);
  });

  test('a taker that comes while another’s fetch is under way gets its item', async () => {
    const { intake, arrive, returned } = createIntake();
    const stopping = new AbortController();
    void intake.take(stopping.signal);
    stopping.abort();
    const taken = intake.take(never);
    await arrive('a');
    expect(await taken).toBe('a');
    expect(returned).toEqual([]);
  });

  test('tries again after a failure', async () => {
    const { intake, arrive, failures } = createIntake();
    const taken = intake.take(never);
    const error = new Error('gone');
    await arrive(error);
    await arrive('a');
    expect(await taken).toBe('a');
    expect(failures).toEqual([error]);
  });

  test('an aborted taker takes nothing', async () => {
    const { intake } = createIntake();
    expect(await intake.take(AbortSignal.abort())).toBeUndefined();
    await intake.idle();
  });
});
