import { viewOf } from './decoders/byte-reader.ts';
import { countFrames, mp3Frame } from './decoders/mp3.ts';

/** Samples that LAME puts before the sound. */
const encoderDelay = 576;

/**
 * The silent frame with an Info tag (Xing's, with LAME's extension) that goes before constant-bit-rate frames. It tells players how
 * many samples at the start and the end are the encoder's, so that the file is exactly as long as the sound.
 * `length`: samples of the sound.
 */
export function mp3InfoFrame(frames: Uint8Array, length: number): Uint8Array {
  const first = mp3Frame(frames, 0);
  if (!first) return new Uint8Array(0);
  const { frames: count } = countFrames(frames, 0);
  const padding = Math.max(0, count * first.samples - encoderDelay - length);

  const frame = new Uint8Array(first.bytes - ((frames[2] ?? 0) & 2 ? 1 : 0));
  const view = viewOf(frame);
  frame.set(frames.subarray(0, 4));
  // The padding bit makes a frame a byte longer.
  frame[2] = (frame[2] ?? 0) & ~2;
  const tag = 4 + first.sideBytes;
  const text = new TextEncoder();
  frame.set(text.encode('Info'), tag);
  const hasFramesAndBytes = 3;
  view.setUint32(tag + 4, hasFramesAndBytes);
  view.setUint32(tag + 8, count);
  view.setUint32(tag + 12, frame.length + frames.length);

  const lame = tag + 16;
  const constantBitRate = 1;
  frame.set(text.encode('LAME3.100'), lame);
  frame[lame + 9] = constantBitRate;
  frame[lame + 21] = encoderDelay >> 4;
  frame[lame + 22] = ((encoderDelay & 15) << 4) | (padding >> 8);
  frame[lame + 23] = padding & 255;
  view.setUint32(lame + 28, frame.length + frames.length);
  view.setUint16(lame + 32, crc16Arc(frames));
  view.setUint16(lame + 34, crc16Arc(frame.subarray(0, lame + 34)));
  return frame;
}

/** CRC-16 with the reflected polynomial 0xA001. */
function crc16Arc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}
