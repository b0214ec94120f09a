import { afterAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Decoded } from './decoder.ts';
import { corpus } from './index.ts';

/** Ten minutes at 48 kHz take 115 MB, twice that while they are put together; the rest is the process itself. */
const mostBytes = 512 * 2 ** 20;
/** None takes a second; one that never ends is stopped by this. */
const mostMilliseconds = 60_000;

/** Decodes in another process, so that a file over which the decoder hangs can be told, and what it takes be measured. */
class DecoderProcess {
  #child: Bun.Subprocess | undefined;
  #hear: ((message: Decoded) => void) | undefined;

  async decode(name: string): Promise<Decoded> {
    // A test that was given up leaves its file behind.
    if (this.#hear) this.stop();
    const child = this.#child ?? (await this.#start());
    const answer = new Promise<Decoded>((resolve, reject) => {
      this.#hear = resolve;
      void child.exited.then((code) => reject(new Error(`the decoder ended with ${child.signalCode ?? code}`)));
    });
    child.send(name);
    const decoded = await answer;
    this.#hear = undefined;
    return decoded;
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
    this.#hear = undefined;
  }

  async #start(): Promise<Bun.Subprocess> {
    return new Promise((resolve) => {
      const child = Bun.spawn([process.execPath, join(import.meta.dir, 'decoder.ts')], {
        stdout: 'inherit',
        stderr: 'inherit',
        ipc: (message: Decoded | 'ready') => {
          if (message === 'ready') resolve(child);
          else this.#hear?.(message);
        },
      });
      this.#child = child;
    });
  }
}

const decoder = new DecoderProcess();
afterAll(() => decoder.stop());

test('the corpus has no two files of one name', () => {
  expect(new Set(corpus.map((file) => file.name)).size).toBe(corpus.length);
});

for (const { name, outcome } of corpus) {
  test(
    `${name}: ${outcome}`,
    async () => {
      const decoded = await decoder.decode(name);
      expect(decoded.outcome).toBe(outcome);
      expect(decoded.peakBytes).toBeLessThan(mostBytes);
    },
    mostMilliseconds,
  );
}
