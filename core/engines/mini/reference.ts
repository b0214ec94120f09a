import type { Audio } from '../../audio/audio.ts';
import { findSpeech, type Segment } from '../../audio/segments.ts';
import { FRAMES_PER_SECOND, SAMPLE_RATE } from './bands.ts';
import { MOST_VOICE_FRAMES } from './voice.ts';

/** Speech that a voice is made of at most, samples. */
const MOST_SAMPLES = (MOST_VOICE_FRAMES / FRAMES_PER_SECOND) * SAMPLE_RATE;
/** Recordings without a longer pause than this are taken as they are, if they are short enough. */
const LONGEST_PAUSE = 3 * SAMPLE_RATE;
/** Pieces are cut at pauses of this length, and again where they are longer than a breath. */
const PAUSE_SECONDS = 0.3;
const LONGEST_PIECE = 8 * SAMPLE_RATE;
/** Taken with each piece to both sides: soft beginnings and ends of words. */
const MARGIN = 0.1 * SAMPLE_RATE;
/** Fade at both ends of a piece. */
const FADE = 0.005 * SAMPLE_RATE;
/** Samples at least this high, in a row of at least as many, are clipped. */
const CLIP_LEVEL = 0.985;
const CLIP_RUN = 3;
/** Decibels that a wholly clipped piece counts less. */
const CLIP_PENALTY = 2000;
/** Where a piece stands, its noise is looked for as far as this on both sides. */
const SURROUNDINGS = 1 * SAMPLE_RATE;
/** Once there is this much speech, pieces that stand out this much less than the best are left out. */
const ENOUGH = 10 * SAMPLE_RATE;
const WORST_DECIBELS = 15;
const STEP = 0.01 * SAMPLE_RATE;

interface Piece extends Segment {
  readonly recording: Float32Array;
  /** Loud parts over quiet ones in dB, less for clipping. */
  readonly score: number;
}

/**
 * The best speech of some recordings at 16 kHz, at most 30 s: all of it where it is short and has no long pauses;
 * otherwise the pieces between pauses that stand out most from the noise and are not clipped, in their order.
 */
export function selectSpeech(recordings: readonly Float32Array[]): Float32Array {
  const total = recordings.reduce((sum, recording) => sum + recording.length, 0);
  const spans = recordings.map((recording) => speechOf(recording));
  const gapless = spans.every((segments, i) => longestGap(segments, recordings[i]?.length ?? 0) <= LONGEST_PAUSE);
  const clipped = recordings.some((recording) => clippedSamples(recording, 0, recording.length) > 0);
  if (total <= MOST_SAMPLES && gapless && !clipped) return joined(recordings);

  const pieces = recordings.flatMap((recording, i) => (spans[i] ?? []).flatMap((span) => piecesOf(recording, span)));
  return joined(best(pieces).map(({ recording, start, end }) => faded(recording.slice(start, end))));
}

function speechOf(recording: Float32Array): Segment[] {
  const audio: Audio = { samples: recording, sampleRate: SAMPLE_RATE };
  return findSpeech(audio, { minPauseSeconds: PAUSE_SECONDS });
}

function longestGap(segments: readonly Segment[], length: number): number {
  let longest = 0;
  let end = 0;
  for (const segment of segments) {
    longest = Math.max(longest, segment.start - end);
    end = segment.end;
  }
  return Math.max(longest, length - end);
}

function piecesOf(recording: Float32Array, span: Segment): Piece[] {
  const from = Math.max(0, Math.floor(span.start - MARGIN));
  const to = Math.min(recording.length, Math.ceil(span.end + MARGIN));
  const count = Math.ceil((to - from) / LONGEST_PIECE);
  return Array.from({ length: count }, (_, i) => {
    const start = from + Math.floor(((to - from) * i) / count);
    const end = from + Math.floor(((to - from) * (i + 1)) / count);
    return { recording, start, end, score: scoreOf(recording, start, end) };
  });
}

/** Pieces with the highest scores that fit into the limit, in their first order. */
function best(pieces: readonly Piece[]): Piece[] {
  const ranked = pieces.toSorted((a, b) => b.score - a.score);
  const worst = (ranked[0]?.score ?? 0) - WORST_DECIBELS;
  const chosen = new Set<Piece>();
  let total = 0;
  for (const piece of ranked) {
    const length = piece.end - piece.start;
    if (total + length > MOST_SAMPLES || (total >= ENOUGH && piece.score < worst)) continue;
    chosen.add(piece);
    total += length;
  }
  return pieces.filter((piece) => chosen.has(piece));
}

/** How far loud parts of a piece stand above the quietest around it, in dB, less for clipping. */
function scoreOf(recording: Float32Array, start: number, end: number): number {
  const loud = stepLevel(recording, start, end, 0.9);
  const quiet = stepLevel(
    recording,
    Math.max(0, start - SURROUNDINGS),
    Math.min(recording.length, end + SURROUNDINGS),
    0.05,
  );
  return loud - quiet - (CLIP_PENALTY * clippedSamples(recording, start, end)) / Math.max(end - start, 1);
}

/** The level in dB that `share` of the steps of 10 ms lie below. */
function stepLevel(recording: Float32Array, start: number, end: number, share: number): number {
  const levels = stepDecibels(recording, start, end).sort();
  return levels[Math.min(levels.length - 1, Math.floor(share * levels.length))] ?? 0;
}

function stepDecibels(recording: Float32Array, start: number, end: number): Float64Array {
  return Float64Array.from({ length: Math.max(1, Math.floor((end - start) / STEP)) }, (_, step) => {
    let sum = 0;
    const begin = start + step * STEP;
    for (let i = begin; i < Math.min(begin + STEP, end); i++) sum += (recording[i] as number) ** 2;
    return 10 * Math.log10(sum / STEP + 1e-12);
  });
}

/** Samples in runs of at least three at full scale. */
function clippedSamples(recording: Float32Array, start: number, end: number): number {
  let clipped = 0;
  let run = 0;
  for (let i = start; i < end; i++) {
    run = Math.abs(recording[i] as number) >= CLIP_LEVEL ? run + 1 : 0;
    if (run === CLIP_RUN) clipped += CLIP_RUN;
    else if (run > CLIP_RUN) clipped++;
  }
  return clipped;
}

/** The same samples, faded in and out. */
function faded(samples: Float32Array): Float32Array {
  const length = Math.min(FADE, samples.length / 2);
  for (let i = 0; i < length; i++) {
    samples[i] = ((samples[i] as number) * i) / length;
    samples[samples.length - 1 - i] = ((samples[samples.length - 1 - i] as number) * i) / length;
  }
  return samples;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
