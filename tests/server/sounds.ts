import { join } from 'node:path';
import type { Audio } from '#core/audio/audio.ts';

const samples = join(import.meta.dir, '..', '..', 'samples');

/** A file of `samples/`, such as `recordings/english.flac`. */
export function sampleFile(name: string): Blob {
  return Bun.file(join(samples, name));
}

/** A mono WAV of 32-bit floats. */
export function wavOf(samplesToWrite: Float32Array, sampleRate = 16000): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(44 + samplesToWrite.length * 4);
  const view = new DataView(bytes.buffer);
  const write = (offset: number, text: string) => bytes.set(new TextEncoder().encode(text), offset);
  write(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  write(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 3, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 4, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 32, true);
  write(36, 'data');
  view.setUint32(40, samplesToWrite.length * 4, true);
  for (const [index, sample] of samplesToWrite.entries()) view.setFloat32(44 + index * 4, sample, true);
  return bytes;
}

/** A buzz of whole hertz whose loudness comes and goes three times a second, somewhat like syllables. */
export function tone(seconds: number, sampleRate = 16000, hertz = 150): Float32Array {
  const second = Float32Array.from({ length: sampleRate }, (_, index) => {
    const time = index / sampleRate;
    const loudness = 0.5 + 0.5 * Math.sin(2 * Math.PI * 3 * time);
    let sum = 0;
    for (let harmonic = 1; harmonic <= 10; harmonic++) {
      sum += Math.sin(2 * Math.PI * hertz * harmonic * time) / harmonic;
    }
    return 0.2 * loudness * sum;
  });
  const samples = new Float32Array(Math.round(seconds * sampleRate));
  for (let start = 0; start < samples.length; start += sampleRate) {
    samples.set(second.subarray(0, samples.length - start), start);
  }
  return samples;
}

/** What comes of a badly shielded microphone: 50 Hz, faint, and no speech. */
export function hum(seconds: number, sampleRate = 16000): Float32Array {
  return Float32Array.from(
    { length: seconds * sampleRate },
    (_, index) => 0.001 * Math.sin((2 * Math.PI * 50 * index) / sampleRate),
  );
}

/** Mean of the squared samples. */
export function meanSquare({ samples }: Audio): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
}

/** Lowest and highest pitch that is looked for, in Hz. */
const [lowestPitch, highestPitch] = [70, 400];
/** Below this likeness a frame does not repeat itself: it is unvoiced. */
const voicedLikeness = 0.85;

/** Median pitch in Hz of the voiced frames: the shortest lag at which a 40 ms frame is all but most like itself. */
export function medianPitch({ samples, sampleRate }: Audio): number {
  const frame = Math.round(0.04 * sampleRate);
  const hop = 2 * frame;
  const [shortest, longest] = [Math.floor(sampleRate / highestPitch), Math.ceil(sampleRate / lowestPitch)];
  const pitches: number[] = [];
  for (let start = 0; start + frame + longest < samples.length; start += hop) {
    const here = samples.subarray(start, start + frame);
    const likeness: number[] = [];
    for (let lag = shortest; lag <= longest; lag++) {
      likeness.push(similarity(here, samples.subarray(start + lag, start + lag + frame)));
    }
    const best = Math.max(...likeness);
    if (best < voicedLikeness) continue;
    const isPeak = (index: number) =>
      (likeness[index] ?? 0) >= (likeness[index - 1] ?? 1) && (likeness[index] ?? 0) >= (likeness[index + 1] ?? 1);
    const index = likeness.findIndex((value, at) => value > 0.97 * best && isPeak(at));
    if (index >= 0) pitches.push(sampleRate / (shortest + index));
  }
  return pitches.toSorted((a, b) => a - b)[pitches.length >> 1] ?? Number.NaN;
}

/** Normalised correlation of two equally long pieces; 0 for near silence. */
function similarity(a: Float32Array, b: Float32Array): number {
  let [product, energyA, energyB] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const x = a[index] ?? 0;
    const y = b[index] ?? 0;
    product += x * y;
    energyA += x * x;
    energyB += y * y;
  }
  const quiet = 1e-4 * a.length;
  return energyA < quiet || energyB < quiet ? 0 : product / Math.sqrt(energyA * energyB);
}
