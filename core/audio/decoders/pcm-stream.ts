import type { AudioFormat } from '../format.ts';

/** A recording opened for decoding: what its header says, and its sound piece by piece. */
export interface PcmStream {
  readonly format: AudioFormat;
  readonly sampleRate: number;
  readonly channels: number;
  /** Frames (samples per channel) that the file promises, where it does. A promise, not a fact. */
  readonly claimedFrames?: number | undefined;
  /** The file ends in the middle of something. */
  readonly cut?: boolean | undefined;
  /** Planar chunks in order, one array per channel. A chunk may be overwritten once the next one is asked for. */
  chunks(): AsyncIterable<readonly Float32Array[]>;
}
