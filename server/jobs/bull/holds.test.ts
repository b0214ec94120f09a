import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { type Hold, Holds } from './holds.ts';

const hold = (jobId: string, begun = 1): Hold => ({
  job: { jobId, workspaceId: 'w', priority: 'normal', seconds: 10, attempt: begun },
  token: `token-${begun}`,
  begun,
});

describe('Holds', () => {
  let holds: Holds;
  let lost: Hold[];
  let errors: unknown[];
  /** What the next renewal answers. */
  let renewal: PromiseWithResolvers<string[]>;
  beforeEach(() => {
    lost = [];
    errors = [];
    renewal = Promise.withResolvers();
    holds = new Holds(
      { renew: () => renewal.promise, onLost: (job) => lost.push(job), onError: (error) => errors.push(error) },
      2 ** 31 - 1,
    );
  });
  afterEach(() => holds.close());

  test('a job whose lock is another’s is held no more, and that is told', async () => {
    const [a, b] = [hold('a'), hold('b')];
    holds.add(a);
    holds.add(b);
    renewal.resolve(['a']);
    await holds.renew();
    expect(lost).toEqual([a]);
    expect(holds.find('a')).toBeUndefined();
    expect(holds.find('b')).toBe(b);
  });

  test('a job that ended during the renewal is not lost', async () => {
    holds.add(hold('a'));
    const renewing = holds.renew();
    holds.release('a');
    renewal.resolve(['a']);
    await renewing;
    expect(lost).toEqual([]);
  });

  test('a job that this process takes anew is lost once, in its first attempt', async () => {
    const [first, second] = [hold('a', 1), hold('a', 2)];
    holds.add(first);
    const renewing = holds.renew();
    holds.add(second);
    renewal.resolve(['a']);
    await renewing;
    expect(lost).toEqual([first]);
    expect(holds.find('a')).toBe(second);
  });

  test('a renewal that fails loses nothing', async () => {
    holds.add(hold('a'));
    const error = new Error('gone');
    renewal.reject(error);
    await holds.renew();
    expect(errors).toEqual([error]);
    expect(holds.find('a')).toBeDefined();
  });
});
