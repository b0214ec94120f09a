import { describe, expect, test } from 'bun:test';
import { RateLimits } from './rate-limits.ts';

const create = (usersPerAddress = 2) =>
  new RateLimits(
    {
      general: { requests: 3, seconds: 60 },
      status: null,
      convert: { requests: 1, seconds: 3600 },
      voices: null,
      upload: null,
    },
    usersPerAddress,
  );
const an = { workspaceId: 'w_an', address: '192.0.2.1' };
const binh = { workspaceId: 'w_binh', address: '192.0.2.1' };
const stranger = { workspaceId: undefined, address: '192.0.2.1' };

async function send(limits: RateLimits, sender: typeof an | typeof stranger, times: number) {
  const states = [];
  for (let i = 0; i < times; i++) states.push(await limits.count('general', sender));
  return states.map((state) => state?.allowed);
}

describe('rate limits', () => {
  test('count down to the last request that is allowed, and tell when to come back', async () => {
    const limits = create();
    expect(await limits.count('general', an)).toEqual({ allowed: true, limit: 3, remaining: 2, resetSeconds: 60 });
    expect(await send(limits, an, 3)).toEqual([true, true, false]);
    expect(await limits.count('general', an)).toMatchObject({ allowed: false, limit: 3, remaining: 0 });
  });

  test('of one user leave the others at their address alone', async () => {
    const limits = create();
    expect(await send(limits, an, 10)).toEqual([true, true, true, ...Array(7).fill(false)]);
    expect(await send(limits, binh, 3)).toEqual([true, true, true]);
  });

  test('of an address hold for all its users together, and for those without a session', async () => {
    const limits = create();
    await send(limits, an, 3);
    expect(await send(limits, stranger, 4)).toEqual([true, true, true, false]);
    expect(await limits.count('general', binh)).toMatchObject({ allowed: false, limit: 6 });
    expect(await send(limits, { workspaceId: 'w_binh', address: '192.0.2.2' }, 1)).toEqual([true]);
  });

  test('of one kind do not touch another; a kind without a limit is not counted', async () => {
    const limits = create();
    await send(limits, an, 4);
    expect((await limits.count('convert', an))?.allowed).toBe(true);
    expect((await limits.count('convert', an))?.allowed).toBe(false);
    expect(await limits.count('voices', an)).toBeUndefined();
  });
});
