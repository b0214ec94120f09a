import type { Control } from '../engines/engine.ts';
import { createPace } from '../engines/pace.ts';
import { InputError } from '../errors.ts';
import type { Kernels } from '../kernels/module.ts';
import { createResampler, outputLength, type Resampler } from '../kernels/resample.ts';
import type { Audio } from './audio.ts';
import { checkFinite } from './checks.ts';
import { openStream } from './decoders/open.ts';
import type { PcmStream } from './decoders/pcm-stream.ts';
import type { AudioFormat } from './format.ts';
import { type AudioLimits, checkNotTooLong, checkNotTooShort, checkStream, defaultLimits } from './limits.ts';
import { mixToMonoInto, SampleSink } from './mono.ts';

/** Progress comes only where the file tells its length. */
export interface DecodeOptions extends Control {
  readonly limits?: AudioLimits | undefined;
  /** When given, a recording of a higher rate in Hz is brought to this one piece by piece, so that it never is in memory whole. */
  readonly highest?: { readonly sampleRate: number; readonly kernels: Kernels } | undefined;
}

/** What a decoded file was before it became mono. */
export interface AudioInfo {
  readonly format: AudioFormat;
  readonly channels: number;
  readonly sampleRate: number;
  readonly seconds: number;
}

export interface DecodedAudio {
  readonly audio: Audio;
  readonly info: AudioInfo;
}

/** A file may lack this share of what its header promises before it counts as cut off. */
const toleratedLoss = 0.01;
const toleratedLossSeconds = 0.1;

/**
 * Decodes an audio file to mono (the mean of its channels) at its own rate, or at `highest`. The format is found by content.
 * Holds the encoded bytes and one mono copy; channels exist only a chunk at a time.
 *
 * Throws `InputError`: `audio-empty` (0 bytes), `audio-format-unknown`, `audio-too-large` (bytes), `audio-corrupt` (no sense, or
 * more than 1 % and 0.1 s shorter than the header promises), `audio-rate-unsupported`, `audio-channels-unsupported`,
 * `audio-too-long` (as soon as the header or the decoded length shows it), `audio-too-short`, `audio-not-finite`;
 * `CancelledError`.
 */
export async function decodeAudio(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedAudio> {
  const limits = options.limits ?? defaultLimits;
  if (bytes.length === 0) throw new InputError('audio-empty');
  if (bytes.length > limits.maxBytes) {
    throw new InputError('audio-too-large', { bytes: bytes.length, limit: limits.maxBytes });
  }
  const stream = openStream(bytes);
  checkStream(stream.sampleRate, stream.channels, limits);
  if (stream.claimedFrames !== undefined) checkNotTooLong(stream.claimedFrames / stream.sampleRate, limits);

  const { samples, sampleRate, frames } = await readMono(stream, bytes.length, limits, options);
  const seconds = frames / stream.sampleRate;
  checkNotCut(frames, stream);
  checkNotTooShort(seconds, limits);
  const audio = { samples, sampleRate };
  checkFinite(audio);
  return {
    audio,
    info: { format: stream.format, channels: stream.channels, sampleRate: stream.sampleRate, seconds },
  };
}

/** Decodes a stream to its end. `frames`: how many it had, at its own rate. */
async function readMono(
  stream: PcmStream,
  encodedBytes: number,
  limits: AudioLimits,
  { highest, ...control }: DecodeOptions,
): Promise<Audio & { readonly frames: number }> {
  const pace = createPace({ decode: 1 }, control);
  const claimed = stream.claimedFrames ?? 0;
  const lower = highest && highest.sampleRate < stream.sampleRate ? highest : undefined;
  const resampler = lower && createResampler(lower.kernels, stream.sampleRate, lower.sampleRate);
  const sampleRate = lower?.sampleRate ?? stream.sampleRate;
  // A header may promise an hour in a hundred bytes: memory is taken beforehand only for what the file could hold.
  const expected = outputLength(Math.min(claimed, encodedBytes * 32), stream.sampleRate, sampleRate);
  const sink = new SampleSink(expected);
  let frames = 0;
  try {
    for await (const chunk of stream.chunks()) {
      const count = chunk[0]?.length ?? 0;
      if (resampler) resampleInto(sink, resampler, chunk, count);
      else mixToMonoInto(chunk, sink.reserve(count));
      frames += count;
      checkNotTooLong(frames / stream.sampleRate, limits);
      await pace('decode', claimed > 0 ? Math.min(1, frames / claimed) : 0);
    }
    if (resampler) sink.append(resampler.flush());
  } finally {
    resampler?.dispose();
  }
  return { samples: sink.take(), sampleRate, frames };
}

function resampleInto(sink: SampleSink, resampler: Resampler, chunk: readonly Float32Array[], count: number): void {
  const mono = new Float32Array(count);
  mixToMonoInto(chunk, mono);
  sink.append(resampler.push(mono));
}

/** A truncated file is refused rather than converted in part: the user would notice the loss only at its end. */
function checkNotCut(frames: number, { claimedFrames = frames, cut = false, sampleRate, format }: PcmStream): void {
  const missing = claimedFrames - frames;
  const nothing = frames === 0 && format !== 'wav';
  if (cut || nothing || (missing > claimedFrames * toleratedLoss && missing > sampleRate * toleratedLossSeconds)) {
    throw new InputError('audio-corrupt', {
      reason: 'truncated',
      seconds: frames / sampleRate,
      claimedSeconds: claimedFrames / sampleRate,
    });
  }
}
