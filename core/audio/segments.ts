import type { Audio } from './audio.ts';
import { type Levels, measureLevels, percentile } from './levels.ts';
import { type GateThresholds, SpeechGate, type StepSpan } from './speech-gate.ts';

/** A part of a recording, in samples: from `start` up to, not including, `end`. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

export interface PauseOptions {
  /** Shortest pause in seconds; shorter gaps belong to speech. */
  readonly minPauseSeconds?: number;
  /** Shortest sound in seconds that counts as speech. */
  readonly minSpeechSeconds?: number;
}

/** Speech lies within this of the loud parts of a recording. */
const speechRangeDecibels = 35;
/** Speech stands out from the noise by at least this. */
const marginOverNoiseDecibels = 6;
const hysteresisDecibels = 3;
/** Loud and quiet parts closer than this: there are no pauses to tell. */
const leastContrastDecibels = 12;
/** Nothing below this level counts as speech. */
const silenceDecibels = -65;

/** Thresholds for one recording, from its quiet (10th percentile) and loud (95th percentile) levels. */
function gateThresholds(decibels: Float32Array): GateThresholds {
  const quiet = percentile(decibels, 0.1);
  const loud = percentile(decibels, 0.95);
  const speechFloor = loud - speechRangeDecibels;
  const overNoise = loud - quiet < leastContrastDecibels ? speechFloor : quiet + marginOverNoiseDecibels;
  const close = Math.max(silenceDecibels, speechFloor, overNoise);
  return { open: close + hysteresisDecibels, close };
}

/** The parts of a recording that are speech by their level, in samples. */
export function findSpeech(audio: Audio, options: PauseOptions = {}): Segment[] {
  const levels = measureLevels(audio);
  return speechSpans(levels, options).map((span) => toSamples(span, levels, audio));
}

function speechSpans(
  { decibels, stepSeconds }: Levels,
  { minPauseSeconds = 0.2, minSpeechSeconds = 0.05 }: PauseOptions,
): StepSpan[] {
  const gate = new SpeechGate(gateThresholds(decibels), {
    attackSteps: Math.max(1, Math.round(minSpeechSeconds / stepSeconds)),
    holdSteps: Math.max(1, Math.round(minPauseSeconds / stepSeconds)),
  });
  const spans: StepSpan[] = [];
  for (const level of decibels) {
    const span = gate.push(level);
    if (span) spans.push(span);
  }
  const last = gate.finish();
  return last ? [...spans, last] : spans;
}

/**
 * Cuts a recording into adjoining segments that cover all of it, none longer than `maxSeconds`: in the middle of the last pause
 * that lies in the second half of what is allowed, else at its quietest moment.
 */
export function segmentAtPauses(audio: Audio, maxSeconds: number, options: PauseOptions = {}): Segment[] {
  const levels = measureLevels(audio);
  const total = levels.decibels.length;
  const longest = Math.max(2, Math.floor(maxSeconds / levels.stepSeconds));
  const pauses = pauseMiddles(speechSpans(levels, options));

  const cuts = [0];
  for (let start = 0; total - start > longest; ) {
    const earliest = start + Math.ceil(longest / 2);
    const latest = start + longest;
    const pause = pauses.findLast((middle) => middle >= earliest && middle <= latest);
    start = pause ?? quietestStep(levels.decibels, earliest, latest);
    cuts.push(start);
  }
  return cuts.map((start, i) => toSamples({ start, end: cuts[i + 1] ?? total }, levels, audio));
}

function pauseMiddles(speech: readonly StepSpan[]): number[] {
  return speech.slice(1).map((span, i) => Math.floor(((speech[i]?.end ?? 0) + span.start) / 2));
}

function quietestStep(decibels: Float32Array, from: number, to: number): number {
  let quietest = from;
  for (let i = from; i <= to; i++) if ((decibels[i] ?? 0) < (decibels[quietest] ?? 0)) quietest = i;
  return quietest;
}

function toSamples({ start, end }: StepSpan, { stepSeconds }: Levels, { samples, sampleRate }: Audio): Segment {
  const step = Math.round(stepSeconds * sampleRate);
  return { start: start * step, end: Math.min(end * step, samples.length) };
}
