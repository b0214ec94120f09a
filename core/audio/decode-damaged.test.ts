import { expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { decodeAudio } from './decode.ts';

const folder = join(import.meta.dir, 'fixtures');
const files = readdirSync(folder).filter((file) => !file.endsWith('.ts'));

/** Damages some bytes and cuts the file, in another way for each seed but always the same for one. */
function damaged(bytes: Uint8Array, seed: number): Uint8Array {
  let state = seed + 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const copy = bytes.slice();
  // Most structure stands at the beginning.
  const reach = seed % 2 ? copy.length : Math.min(copy.length, 600);
  for (let i = 0; i < 1 + random(6); i++) copy[random(reach)] = random(256);
  return seed % 3 === 0 ? copy.subarray(0, random(copy.length)) : copy;
}

for (const file of files) {
  test(`${file}: whatever is damaged, it decodes to finite sound or is refused with a code`, async () => {
    const bytes = await Bun.file(join(folder, file)).bytes();
    for (let seed = 0; seed < 40; seed++) {
      try {
        const { audio } = await decodeAudio(damaged(bytes, seed));
        expect(audio.samples.every(Number.isFinite)).toBe(true);
      } catch (error) {
        if (!(error instanceof InputError)) throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      }
    }
  });
}
