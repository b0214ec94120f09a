import { InputError } from '../errors.ts';

/** What a recording may be. Checked on its header first and again while it is decoded, since headers lie. */
export interface AudioLimits {
  /** Longest recording in seconds. */
  readonly maxSeconds: number;
  /** Shortest recording in seconds. */
  readonly minSeconds: number;
  /** Largest encoded file in bytes. */
  readonly maxBytes: number;
  readonly maxChannels: number;
  /** Allowed sample rates in Hz, both ends included. */
  readonly minSampleRate: number;
  readonly maxSampleRate: number;
}

export const defaultLimits: AudioLimits = {
  maxSeconds: 3600,
  minSeconds: 0.1,
  maxBytes: 2 ** 30,
  maxChannels: 8,
  minSampleRate: 8000,
  maxSampleRate: 192000,
};

/** Throws `InputError('audio-rate-unsupported' | 'audio-channels-unsupported')` for a stream outside the limits. */
export function checkStream(sampleRate: number, channels: number, limits: AudioLimits): void {
  const { minSampleRate, maxSampleRate, maxChannels } = limits;
  if (!Number.isInteger(sampleRate) || sampleRate < minSampleRate || sampleRate > maxSampleRate) {
    throw new InputError('audio-rate-unsupported', {
      sampleRate,
      minimum: minSampleRate,
      maximum: maxSampleRate,
    });
  }
  if (!(channels >= 1 && channels <= maxChannels)) {
    throw new InputError('audio-channels-unsupported', { channels, limit: maxChannels });
  }
}

/** Throws `InputError('audio-too-long')`. `seconds` may be a header's claim or what was decoded so far. */
export function checkNotTooLong(seconds: number, limits: AudioLimits): void {
  if (seconds > limits.maxSeconds) {
    throw new InputError('audio-too-long', { seconds: Math.ceil(seconds), limit: limits.maxSeconds });
  }
}

/** Throws `InputError('audio-too-short')`. */
export function checkNotTooShort(seconds: number, limits: AudioLimits): void {
  if (seconds < limits.minSeconds) {
    throw new InputError('audio-too-short', { seconds, minimum: limits.minSeconds });
  }
}
