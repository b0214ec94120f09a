import type { Control } from '../engines/engine.ts';
import { createPace } from '../engines/pace.ts';
import { InputError } from '../errors.ts';
import type { Kernels } from '../kernels/module.ts';
import { createResampler, outputLength } from '../kernels/resample.ts';
import type { Audio } from './audio.ts';
import { bytesInMemory, bytesOfFile, type LazyFile } from './byte-source.ts';
import { checkFinite } from './checks.ts';
import { openStream } from './decoders/open.ts';
import type { PcmStream } from './decoders/pcm-stream.ts';
import type { AudioFormat } from './format.ts';
import { type AudioLimits, checkNotTooLong, checkNotTooShort, checkStream, defaultLimits } from './limits.ts';
import { mixToMonoInto, SampleSink } from './mono.ts';
import type { Sound } from './sound.ts';

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
export async function decodeAudio(
  bytes: Uint8Array,
  { signal, onProgress, ...options }: DecodeOptions = {},
): Promise<DecodedAudio> {
  const opened = await openAudio(bytes, options);
  const audio = await readWhole(opened, { signal, onProgress });
  return { audio, info: opened.info };
}

export async function readWhole(opened: OpenedAudio, control: Control): Promise<Audio>;
/** The whole recording in memory, or undefined where it has more samples than `most`. Throws as `decodeAudio`. */
export async function readWhole(opened: OpenedAudio, control: Control, most: number): Promise<Audio | undefined>;
export async function readWhole(
  opened: OpenedAudio,
  control: Control,
  most = Number.POSITIVE_INFINITY,
): Promise<Audio | undefined> {
  const expected = opened.length;
  if (expected > most) return undefined;
  const pace = createPace({ decode: 1 }, control);
  const sink = new SampleSink(expected);
  for await (const piece of opened.pieces()) {
    sink.append(piece);
    if (sink.length > most) return undefined;
    await pace('decode', expected > 0 ? Math.min(1, sink.length / expected) : 0);
  }
  return { samples: sink.take(), sampleRate: opened.sampleRate };
}

/** Opens a file to decode it piece by piece, as often as needed. Throws as `decodeAudio` what the header shows. */
export async function openAudio(
  file: Uint8Array | LazyFile,
  { limits = defaultLimits, highest }: Omit<DecodeOptions, keyof Control> = {},
): Promise<OpenedAudio> {
  const source = file instanceof Uint8Array ? bytesInMemory(file) : bytesOfFile(file);
  if (source.size === 0) throw new InputError('audio-empty');
  if (source.size > limits.maxBytes) {
    throw new InputError('audio-too-large', { bytes: source.size, limit: limits.maxBytes });
  }
  const stream = await openStream(source);
  checkStream(stream.sampleRate, stream.channels, limits);
  if (stream.claimedFrames !== undefined) checkNotTooLong(stream.claimedFrames / stream.sampleRate, limits);
  return new OpenedAudio(stream, source.size, limits, highest);
}

/** An audio file whose header has been read; mono sound at its own rate, or at the highest that was allowed. */
export class OpenedAudio implements Sound {
  readonly sampleRate: number;
  readonly #stream: PcmStream;
  readonly #limits: AudioLimits;
  readonly #kernels: Kernels | undefined;
  #frames = 0;
  #length: number;

  constructor(stream: PcmStream, encodedBytes: number, limits: AudioLimits, highest: DecodeOptions['highest']) {
    const isHigher = highest !== undefined && highest.sampleRate < stream.sampleRate;
    this.sampleRate = isHigher ? highest.sampleRate : stream.sampleRate;
    // A header may promise an hour in a hundred bytes: memory is taken beforehand only for what the file could hold.
    const frames = Math.min(stream.claimedFrames ?? 0, encodedBytes * 32);
    this.#length = outputLength(frames, stream.sampleRate, this.sampleRate);
    this.#stream = stream;
    this.#limits = limits;
    this.#kernels = isHigher ? highest.kernels : undefined;
  }

  /** What the file is; its length as it was found by going through it. */
  get info(): AudioInfo {
    const { format, channels, sampleRate } = this.#stream;
    return { format, channels, sampleRate, seconds: this.#frames / sampleRate };
  }

  /** Before the file has been gone through: what its header promises and its bytes could hold, 0 where that is unknown. */
  get length(): number {
    return this.#length;
  }

  /** The whole recording in mono. A piece may be overwritten once the next one is asked for. Throws as `decodeAudio`. */
  async *pieces(): AsyncGenerator<Float32Array> {
    const stream = this.#stream;
    const resampler = this.#kernels && createResampler(this.#kernels, stream.sampleRate, this.sampleRate);
    let frames = 0;
    let samples = 0;
    const checked = (piece: Float32Array) => {
      checkFinite(piece, samples);
      samples += piece.length;
      return piece;
    };
    let mono = new Float32Array(0);
    try {
      for await (const chunk of stream.chunks()) {
        const count = chunk[0]?.length ?? 0;
        if (count > mono.length) mono = new Float32Array(count);
        const piece = mono.subarray(0, count);
        mixToMonoInto(chunk, piece);
        frames += count;
        checkNotTooLong(frames / stream.sampleRate, this.#limits);
        yield checked(resampler ? resampler.push(piece) : piece);
      }
      if (resampler) yield checked(resampler.flush());
    } finally {
      resampler?.dispose();
    }
    checkNotCut(frames, stream);
    checkNotTooShort(frames / stream.sampleRate, this.#limits);
    this.#frames = frames;
    this.#length = samples;
  }
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
