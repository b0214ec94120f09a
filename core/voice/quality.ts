import { type Audio, durationSeconds } from '../audio/audio.ts';
import { measureLevels, percentile } from '../audio/levels.ts';
import { findSpeech } from '../audio/segments.ts';

/** What the references of a voice are worth, measured by level alone. */
export interface VoiceQuality {
  /** Seconds of speech in all references together. */
  readonly speechSeconds: number;
  /** Speech over noise in dB, 0–80. */
  readonly snrDecibels: number;
  /** Share of the samples that are clipped, 0–1. */
  readonly clippedShare: number;
}

/** What is kept of a voice's references. */
export interface VoiceReport extends VoiceQuality {
  /** Of the reference that is least similar to the others; null for a single one, left out by older versions. */
  readonly similarity?: number | null;
}

export const voiceWarnings = ['speech-short', 'noisy', 'clipped'] as const;
export type VoiceWarning = (typeof voiceWarnings)[number];

/** More speech than this makes a voice noticeably better; less is worth a warning. Seconds. */
export const goodSpeechSeconds = 10;
/** Below this the noise is taken for a part of the voice. */
const goodSnrDecibels = 20;
/** Clipping of more samples than this can be heard. */
const audibleClippedShare = 1e-4;

/** Noise is what remains in this share of the steps, the quietest. */
const quietShare = 0.1;
const mostSnrDecibels = 80;
/** Samples at least this high, in a row of at least as many, are clipped. */
const clipLevel = 0.985;
const clipRun = 3;

/**
 * Measures references. The ratio of speech to noise is an estimate: the mean power of the speech, less that of the noise, over the
 * mean power of each recording's quietest tenth, which is its pauses. At least one recording, none of them empty.
 */
export function measureQuality(references: readonly Audio[]): VoiceQuality {
  const parts = references.map(measureOne);
  const sum = (measure: (part: ReferenceMeasures) => number) => parts.reduce((total, part) => total + measure(part), 0);
  const speechSeconds = sum((part) => part.speechSeconds);
  const seconds = sum((part) => part.seconds);
  const speechPower = sum((part) => part.speechPower * part.speechSeconds) / Math.max(speechSeconds, 1e-9);
  const noisePower = sum((part) => part.noisePower * part.seconds) / seconds;
  const ratio = (speechPower - noisePower) / noisePower;
  const snrDecibels = ratio > 1 ? Math.min(mostSnrDecibels, 10 * Math.log10(ratio)) : 0;
  return { speechSeconds, snrDecibels, clippedShare: sum((part) => part.clippedShare * part.seconds) / seconds };
}

/** What a user should hear about the references, the most important first. */
export function warningsOf({ speechSeconds, snrDecibels, clippedShare }: VoiceQuality): VoiceWarning[] {
  const applies: Readonly<Record<VoiceWarning, boolean>> = {
    'speech-short': speechSeconds < goodSpeechSeconds,
    noisy: snrDecibels < goodSnrDecibels,
    clipped: clippedShare > audibleClippedShare,
  };
  return voiceWarnings.filter((warning) => applies[warning]);
}

interface ReferenceMeasures {
  readonly seconds: number;
  readonly speechSeconds: number;
  /** Means of the squared samples. */
  readonly speechPower: number;
  readonly noisePower: number;
  readonly clippedShare: number;
}

function measureOne(audio: Audio): ReferenceMeasures {
  const { samples, sampleRate } = audio;
  const speech = findSpeech(audio);
  const speechSamples = speech.reduce((total, { start, end }) => total + end - start, 0);
  const energy = speech.reduce((total, { start, end }) => total + energyOf(samples, start, end), 0);
  const quietest = percentile(measureLevels(audio).decibels, quietShare);
  return {
    seconds: durationSeconds(audio),
    speechSeconds: speechSamples / sampleRate,
    speechPower: speechSamples === 0 ? 0 : energy / speechSamples,
    noisePower: 10 ** (quietest / 10),
    clippedShare: clippedSamples(samples) / samples.length,
  };
}

function energyOf(samples: Float32Array, start: number, end: number): number {
  let energy = 0;
  for (let i = start; i < end; i++) energy += (samples[i] ?? 0) ** 2;
  return energy;
}

function clippedSamples(samples: Float32Array): number {
  let clipped = 0;
  let run = 0;
  for (let i = 0; i <= samples.length; i++) {
    if (Math.abs(samples[i] ?? 0) >= clipLevel) {
      run++;
    } else {
      if (run >= clipRun) clipped += run;
      run = 0;
    }
  }
  return clipped;
}
