import { expect, test } from 'bun:test';

import { measureWarm } from './measure.ts';

test('a warm-up comes before the rounds, and all rounds share one voice', async () => {
  const calls: string[] = [];
  const audio = { samples: new Float32Array(16000), sampleRate: 16000 };
  const converter: Parameters<typeof measureWarm>[0] = {
    async profile() {
      calls.push('voice');
      return { speechSeconds: 1, engines: {} };
    },
    async convert() {
      calls.push('convert');
      return { audio, info: { engine: 'mini', seconds: 1, source: undefined, timings: {} } };
    },
  };
  const recordings = { source: new Uint8Array(1), reference: new Uint8Array(1) };
  const timings = await measureWarm(converter, recordings, 3);
  expect(calls).toEqual(['voice', 'convert', 'voice', 'convert', 'convert', 'convert']);
  expect(timings.convertSeconds).toHaveLength(3);
  expect(timings.sourceSeconds).toBe(1);
});
