import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import loadSpeex from '@echogarden/speex-resampler-wasm/simd';
import type { Kernels } from '#core/kernels/module.ts';
import { createResampler } from '#core/kernels/resample.ts';
import { inTurn, type Timing } from './measure.ts';

/** What a resampler does to sines, in decibels. */
export interface Response {
  /** At 0.9 of the lower Nyquist frequency. */
  readonly passBand: number;
  /** The loudest of what should be silent: aliases of sines above the new band (going down), images (going up). */
  readonly stopBand: number;
}

export interface ResampleResult {
  readonly from: number;
  readonly to: number;
  readonly timings: Record<'simd' | 'scalar' | 'speexEqual' | 'speexBest', Timing>;
  readonly ours: Response;
  readonly speexEqual: Response;
  readonly speexBest: Response;
}

type Convert = (samples: Float32Array) => Float32Array;

const PAIRS = [
  [44100, 16000],
  [16000, 48000],
] as const;
/** The lowest quality of Speex that is as flat and as deep as ours, and the highest that it has. */
const SPEEX_EQUAL = 7;
const SPEEX_BEST = 10;
const SECONDS = 0.5;
const ROUNDS = 41;

/** Half a second as a stream, in chunks of a tenth: from a JavaScript array to a JavaScript array. */
export async function benchResample(root: string, simd: Kernels, scalar: Kernels): Promise<ResampleResult[]> {
  const wasm = join(root, 'node_modules/@echogarden/speex-resampler-wasm/wasm/speex-resampler-simd.wasm');
  const speex = await loadSpeex({ wasmBinary: readFileSync(wasm) });
  return PAIRS.map(([from, to]) => {
    const samples = Float32Array.from({ length: from * SECONDS }, (_, i) => Math.sin(1e-7 * i * i * i));
    const ours = oursFor(simd, from, to);
    const equal = speexFor(speex, from, to, SPEEX_EQUAL);
    const best = speexFor(speex, from, to, SPEEX_BEST);
    const oursScalar = oursFor(scalar, from, to);
    const timings = inTurn(
      {
        simd: () => ours(samples),
        scalar: () => oursScalar(samples),
        speexEqual: () => equal(samples),
        speexBest: () => best(samples),
      },
      ROUNDS,
    );
    const of = (convert: Convert) => response(convert, from, to);
    return { from, to, timings, ours: of(ours), speexEqual: of(equal), speexBest: of(best) };
  });
}

function inChunks(samples: Float32Array, chunk: number, convert: Convert, out: Float32Array): Float32Array {
  let filled = 0;
  for (let at = 0; at < samples.length; at += chunk) {
    const piece = convert(samples.subarray(at, at + chunk));
    out.set(piece, filled);
    filled += piece.length;
  }
  return out.subarray(0, filled);
}

function oursFor(kernels: Kernels, from: number, to: number): Convert {
  const resampler = createResampler(kernels, from, to);
  return (samples) => {
    const out = new Float32Array(Math.ceil((samples.length * to) / from));
    const most = inChunks(samples, from / 10, (chunk) => resampler.push(chunk), out);
    out.set(resampler.flush(), most.length);
    return out;
  };
}

function speexFor(speex: Awaited<ReturnType<typeof loadSpeex>>, from: number, to: number, quality: number): Convert {
  const state = speex._speex_resampler_init(1, from, to, quality, 0);
  const chunk = from / 10;
  const capacity = to / 10 + 64;
  const input = speex._malloc(4 * chunk);
  const output = speex._malloc(4 * capacity);
  const lengths = speex._malloc(8);
  return (samples) => {
    speex._speex_resampler_reset_mem(state);
    const out = new Float32Array(Math.ceil((samples.length * to) / from) + capacity);
    const convert = (piece: Float32Array) => {
      speex.HEAPF32.set(piece, input / 4);
      speex.HEAPU32.set([piece.length, capacity], lengths / 4);
      speex._speex_resampler_process_float(state, 0, input, lengths, output, lengths + 4);
      return speex.HEAPF32.subarray(output / 4, output / 4 + (speex.HEAPU32[lengths / 4 + 1] ?? 0));
    };
    return inChunks(samples, chunk, convert, out);
  };
}

/** Measures with sines of a second: what comes out at their frequency, and all that is beside it. */
function response(convert: Convert, from: number, to: number): Response {
  const nyquist = Math.min(from, to) / 2;
  const passBand = levels(convert, from, to, 0.9 * nyquist).wanted;
  const stopBands =
    from > to
      ? [1.01, 1.02, 1.05, 1.1, 1.3, 1.7].map((part) => levels(convert, from, to, part * nyquist).all)
      : [0.3, 0.6, 0.8, 0.9].map((part) => levels(convert, from, to, part * nyquist).beside);
  return { passBand, stopBand: Math.max(...stopBands) };
}

/** Decibels relative to a sine of amplitude 1, from the middle of the output. */
function levels(convert: Convert, from: number, to: number, hz: number) {
  const frequency = Math.round(hz / 10) * 10;
  const sine = Float32Array.from({ length: from }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / from));
  // Whole periods of every multiple of 10 Hz, so that sums over the part see sines as orthogonal.
  const part = convert(sine).slice(0.4 * to, 0.5 * to);
  const step = (2 * Math.PI * frequency) / to;
  const [cos, sin] = [Math.cos, Math.sin].map(
    (wave) => (2 / part.length) * part.reduce((sum, x, i) => sum + x * wave(step * i), 0),
  ) as [number, number];
  const rest = part.map((x, i) => x - cos * Math.cos(step * i) - sin * Math.sin(step * i));
  return {
    wanted: decibels((cos * cos + sin * sin) / 2),
    beside: decibels(meanSquare(rest)),
    all: decibels(meanSquare(part)),
  };
}

function meanSquare(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}

/** Of a mean square; a sine of amplitude 1 has 0 dB. */
function decibels(power: number): number {
  return 10 * Math.log10(2 * power + 1e-20);
}
