import { InputError } from '../../errors.ts';
import { bigEndian, hasAscii } from './byte-reader.ts';
import { skipId3v2 } from './id3.ts';
import type { PcmStream } from './pcm-stream.ts';
import { decodePieces } from './stream-decoder.ts';

const pieceBytes = 8192;

/** One MPEG audio frame header of layer III (ISO/IEC 11172-3, 13818-3). */
export interface Mp3Frame {
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  readonly bytes: number;
  readonly samples: 576 | 1152;
  /** Bytes of side information, after which a Xing or Info tag may stand. */
  readonly sideBytes: number;
}

const kilobits1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const kilobits2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const rates1 = [44100, 48000, 32000];

/** The frame header at `offset`, or undefined when none stands there. Free-format frames (no stated bit rate) are not known. */
export function mp3Frame(bytes: Uint8Array, offset: number): Mp3Frame | undefined {
  const header = offset + 4 <= bytes.length ? bigEndian(bytes, offset, 4) : 0;
  const version = (header >>> 19) & 3;
  const layer = (header >>> 17) & 3;
  const rate = rates1[(header >>> 10) & 3];
  const kilobits = (version === 3 ? kilobits1 : kilobits2)[(header >>> 12) & 15];
  if (header >>> 21 !== 0x7ff || version === 1 || layer !== 1 || !rate || !kilobits) return undefined;

  const sampleRate = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4;
  const samples = version === 3 ? 1152 : 576;
  const channels = (header >>> 6) & 3 ? (((header >>> 6) & 3) === 3 ? 1 : 2) : 2;
  const padding = (header >>> 9) & 1;
  const frameBytes = Math.floor((samples * kilobits * 125) / sampleRate) + padding;
  const sideBytes = version === 3 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  return { sampleRate, channels, bytes: frameBytes, samples, sideBytes };
}

/**
 * Opens an MP3 file. Its length comes from the Xing, Info or VBRI tag, or from counting the frames; it is cut when the last
 * frame is. Throws `InputError('audio-corrupt')` when no two frames follow each other.
 */
export function openMp3(bytes: Uint8Array): PcmStream {
  const start = nextFrame(bytes, skipId3v2(bytes));
  const first = start === undefined ? undefined : mp3Frame(bytes, start);
  if (start === undefined || !first) throw new InputError('audio-corrupt', { reason: 'mp3-no-frames' });

  const counted = countFrames(bytes, start);
  const tagged = taggedFrames(bytes, start, first);
  return {
    format: 'mp3',
    sampleRate: first.sampleRate,
    channels: first.channels,
    claimedFrames: tagged ?? counted.frames * first.samples,
    cut: counted.cut,
    async *chunks() {
      const { decoder } = await import('@audio/decode-mp3');
      yield* decodePieces(decoder, wholeFrames(bytes, start));
    },
  };
}

/** Offset of the first frame at or after `offset` that is followed by another one or by the end. */
function nextFrame(bytes: Uint8Array, offset: number): number | undefined {
  for (let at = bytes.indexOf(0xff, offset); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const frame = mp3Frame(bytes, at);
    if (!frame) continue;
    const after = at + frame.bytes;
    if (after >= bytes.length || mp3Frame(bytes, after)?.sampleRate === frame.sampleRate) return at;
  }
  return undefined;
}

/** Counts whole frames from `start` to the end; `cut` tells that a part of another one follows. */
export function countFrames(bytes: Uint8Array, start: number): { frames: number; cut: boolean } {
  let frames = 0;
  for (const { end } of framesFrom(bytes, start)) {
    if (end > bytes.length) return { frames, cut: true };
    frames++;
  }
  return { frames, cut: false };
}

/** Where each frame begins and ends, across whatever stands between them. The last end may lie beyond the file. */
function* framesFrom(bytes: Uint8Array, start: number): Generator<{ begin: number; end: number }> {
  for (let begin: number | undefined = start; begin !== undefined; ) {
    const frame = mp3Frame(bytes, begin);
    if (frame) {
      const end: number = begin + frame.bytes;
      yield { begin, end };
      begin = end;
    } else {
      begin = nextFrame(bytes, begin);
    }
  }
}

/** Pieces of whole, adjoining frames: what stands between frames would send the decoder searching. */
function* wholeFrames(bytes: Uint8Array, start: number): Generator<Uint8Array> {
  let pieceBegin = start;
  let pieceEnd = start;
  for (const { begin, end } of framesFrom(bytes, start)) {
    if (begin !== pieceEnd || end - pieceBegin > pieceBytes) {
      if (pieceEnd > pieceBegin) yield bytes.subarray(pieceBegin, pieceEnd);
      pieceBegin = begin;
    }
    pieceEnd = Math.min(end, bytes.length);
  }
  if (pieceEnd > pieceBegin) yield bytes.subarray(pieceBegin, pieceEnd);
}

/** Samples by the tag in the first frame, without the encoder's delay and padding where LAME's extension tells them. */
function taggedFrames(bytes: Uint8Array, start: number, first: Mp3Frame): number | undefined {
  const xing = start + 4 + first.sideBytes;
  if (hasAscii(bytes, xing, 'Xing') || hasAscii(bytes, xing, 'Info')) {
    const flags = bigEndian(bytes, xing + 4, 4);
    if (!(flags & 1)) return undefined;
    const samples = bigEndian(bytes, xing + 8, 4) * first.samples;
    const lame = xing + 8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
    const trimmed = hasAscii(bytes, lame, 'LAME') || hasAscii(bytes, lame, 'Lav');
    const delayAndPadding = bigEndian(bytes, lame + 21, 3);
    return trimmed ? samples - (delayAndPadding >> 12) - (delayAndPadding & 0xfff) : samples;
  }
  const vbri = start + 36;
  return hasAscii(bytes, vbri, 'VBRI') ? bigEndian(bytes, vbri + 14, 4) * first.samples : undefined;
}
