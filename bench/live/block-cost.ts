import { loadavg } from 'node:os';
import { join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import { createMini } from '#core/engines/mini/engine.ts';
import { createBunHost } from '#server/host.ts';
import { mean, quantile } from '../statistics.ts';

export const root = join(import.meta.dir, '../..');
const ROUNDS = 3;

export async function readSample(path: string) {
  return (await decodeAudio(await Bun.file(join(root, 'samples', path)).bytes())).audio;
}

/** What a block of a stream is, and what it takes. */
export interface StreamCost {
  readonly blockMilliseconds: number;
  /** What the stream looks ahead. */
  readonly aheadMilliseconds: number;
  /** Of each block, in order. */
  readonly milliseconds: readonly number[];
}

/** Pushes a recording through a stream in this process, a few times over. */
export async function costInBun(): Promise<StreamCost> {
  const engine = await createMini(await createBunHost());
  const voice = await engine.profile([await readSample('voices/3080.flac')]);
  const { samples, sampleRate } = await readSample('recordings/vietnamese.flac');
  const stream = engine.openStream?.(voice, { strength: 1, pitch: 'auto', formant: 0 }, sampleRate);
  if (!stream) throw new Error('mini has no stream');
  const { blockSamples, latencySamples } = stream;
  const milliseconds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    for (let at = 0; at + blockSamples <= samples.length; at += blockSamples) {
      const began = performance.now();
      await stream.push(samples.subarray(at, at + blockSamples));
      // The first time through, code is compiled.
      if (round > 0) milliseconds.push(performance.now() - began);
    }
  }
  stream.close();
  await engine.dispose();
  return {
    blockMilliseconds: (1000 * blockSamples) / sampleRate,
    aheadMilliseconds: (1000 * latencySamples) / sampleRate,
    milliseconds,
  };
}

/** One row of the table of costs. */
export function costRow(where: string, milliseconds: readonly number[]): string[] {
  const numbers = [mean(milliseconds), quantile(milliseconds, 0.99), Math.max(...milliseconds)];
  return [where, String(milliseconds.length), ...numbers.map((value) => value.toFixed(1))];
}

export function machineLoad(): string {
  return `load of the machine over the last minute: ${loadavg()[0]?.toFixed(1)}`;
}
