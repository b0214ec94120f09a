import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Audio } from '#core/audio/audio.ts';
import { decodeAudio } from '#core/audio/decode.ts';
import { projectRoot } from './harness.ts';

/** A file of `samples/`. */
export async function readSample(path: string): Promise<{ bytes: Uint8Array; audio: Audio }> {
  const bytes = await Bun.file(join(projectRoot, 'samples', path)).bytes();
  return { bytes, audio: await decode(bytes) };
}

export async function decode(bytes: Uint8Array): Promise<Audio> {
  return (await decodeAudio(bytes)).audio;
}

/** Decodes a file of `sampleRate` Hz with the browser's own decoder, as its players do. */
export async function decodeInPage(page: Page, bytes: Uint8Array, sampleRate: number): Promise<Audio> {
  const samples = await page.evaluate(
    async ({ base64, rate }) => {
      const file = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const buffer = await new OfflineAudioContext(1, 1, rate).decodeAudioData(file.buffer);
      return [...buffer.getChannelData(0)];
    },
    { base64: Buffer.from(bytes).toString('base64'), rate: sampleRate },
  );
  return { samples: Float32Array.from(samples), sampleRate };
}

/** Level of the whole recording in dB below full scale. */
export function levelDecibels({ samples }: Audio): number {
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0);
  return 10 * Math.log10(energy / samples.length);
}

/** How much stronger `expected` is than its difference to `actual`, in dB. Both must be equally long. */
export function signalToNoiseDecibels(expected: Float32Array, actual: Float32Array): number {
  let signal = 0;
  let noise = 0;
  for (const [index, sample] of expected.entries()) {
    signal += sample ** 2;
    noise += (sample - (actual[index] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

const windowSeconds = 0.04;
const hopSeconds = 0.02;
const lowestHz = 60;
const highestHz = 400;
/** Normalised autocorrelation above which a stretch counts as voiced. */
const voicedFrom = 0.6;

/** Median pitch of the voiced stretches in Hz, by normalised autocorrelation. */
export function medianPitchHz({ samples, sampleRate }: Audio): number {
  const step = Math.max(1, Math.floor(sampleRate / 8000));
  const thinned = samples.filter((_, index) => index % step === 0);
  const rate = sampleRate / step;
  const size = Math.round(windowSeconds * rate);
  const loudest = thinned.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const pitches: number[] = [];
  const longestLag = Math.ceil(rate / lowestHz);
  for (let start = 0; start + size + longestLag < thinned.length; start += Math.round(hopSeconds * rate)) {
    const frame = thinned.subarray(start, start + size + longestLag);
    if (Math.max(...frame) < loudest / 10) continue;
    const lag = bestLag(frame, size, Math.floor(rate / highestHz), longestLag);
    if (lag !== undefined) pitches.push(rate / lag);
  }
  pitches.sort((a, b) => a - b);
  return pitches[Math.floor(pitches.length / 2)] ?? Number.NaN;
}

/** The shortest lag whose correlation is a peak close to the best one: multiples of the period correlate as well. */
function bestLag(frame: Float32Array, size: number, from: number, to: number): number | undefined {
  const scores = new Map<number, number>();
  for (let lag = from; lag <= to; lag += 1) scores.set(lag, correlation(frame, size, lag));
  const best = Math.max(...scores.values());
  if (best < voicedFrom) return undefined;
  for (const [lag, score] of scores) {
    const isPeak = score >= (scores.get(lag - 1) ?? 0) && score >= (scores.get(lag + 1) ?? 0);
    if (isPeak && score >= best * 0.9) return lag;
  }
  return undefined;
}

function correlation(frame: Float32Array, size: number, lag: number): number {
  let [product, here, there] = [0, 0, 0];
  for (let index = 0; index < size; index += 1) {
    const a = frame[index] ?? 0;
    const b = frame[index + lag] ?? 0;
    product += a * b;
    here += a * a;
    there += b * b;
  }
  return product / Math.sqrt(here * there + 1e-12);
}
