import type { Audio } from './audio.ts';
import { SampleSink } from './mono.ts';

/** Mono sound that can be gone through again and again without ever being in memory whole. */
export interface Sound {
  /** Hz. */
  readonly sampleRate: number;
  /** Samples of the whole. Of a file only an estimate, until it has been gone through once. */
  readonly length: number;
  /** All samples from the first to the last. A piece may be overwritten once the next one is asked for; its reader leaves it as it is. */
  pieces(): AsyncIterable<Float32Array>;
}

const pieceSamples = 2 ** 16;

/** Sound that is in memory, piece by piece. */
export function soundOf({ samples, sampleRate }: Audio): Sound {
  return {
    sampleRate,
    length: samples.length,
    async *pieces() {
      for (let at = 0; at < samples.length; at += pieceSamples) yield samples.subarray(at, at + pieceSamples);
    },
  };
}

/** All of a sound in memory of its own. */
export async function collectSound(sound: Sound): Promise<Audio> {
  const sink = new SampleSink(sound.length);
  for await (const piece of sound.pieces()) sink.append(piece);
  return { samples: sink.take(), sampleRate: sound.sampleRate };
}
