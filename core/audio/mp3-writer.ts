import type { Control } from '../engines/engine.ts';
import { createPace } from '../engines/pace.ts';
import { concatenate } from './bytes.ts';
import { mp3InfoFrame } from './mp3-info.ts';
import type { Sound } from './sound.ts';
import { type AudioTags, softwareName } from './tags.ts';

const kilobitsPerSecond = 128;
const pieceSamples = 2 ** 16;
/** Rates of MPEG-1 and MPEG-2 layer III in Hz. Another rate is resampled by the encoder to the next one above. */
const mp3Rates = [16000, 22050, 24000, 32000, 44100, 48000] as const;

/**
 * A mono MP3 file of 128 kbit/s with an ID3v2.4 tag, encoded by LAME. The frames wait for the end, since the first one tells of all.
 */
export async function* writeMp3(
  { sampleRate, length, pieces }: Sound,
  tags: AudioTags = {},
  control: Control = {},
): AsyncGenerator<Uint8Array> {
  const { createMp3Encoder } = await import('wasm-media-encoders');
  const encoder = await createMp3Encoder();
  const outputSampleRate = mp3Rates.find((rate) => rate >= sampleRate) ?? 48000;
  encoder.configure({ channels: 1, sampleRate, bitrate: kilobitsPerSecond, outputSampleRate });

  const pace = createPace({ encode: 1 }, control);
  const parts: Uint8Array[] = [];
  let read = 0;
  for await (const piece of pieces()) {
    for (let start = 0; start < piece.length; start += pieceSamples) {
      await pace('encode', (read + start) / length);
      // What the encoder returns is its own memory, valid until the next call.
      parts.push(encoder.encode([clipped(piece.subarray(start, start + pieceSamples))]).slice());
    }
    read += piece.length;
  }
  parts.push(encoder.finalize().slice());
  const frames = concatenate(parts.splice(0));
  yield id3v2(tags);
  yield mp3InfoFrame(frames, Math.round((length * outputSampleRate) / sampleRate));
  yield frames;
}

function clipped(samples: Float32Array): Float32Array {
  return samples.map((sample) => Math.max(-1, Math.min(1, sample)));
}

/** An ID3v2.4 tag of UTF-8 text frames. */
function id3v2(tags: AudioTags): Uint8Array {
  const frames = [
    textFrame('TIT2', tags.title),
    textFrame('TPE1', tags.artist),
    commentFrame(tags.comment),
    textFrame('TDRC', tags.date),
    textFrame('TSSE', softwareName),
  ];
  const body = concatenate(frames);
  return concatenate([new TextEncoder().encode('ID3'), Uint8Array.of(4, 0, 0), syncSafe(body.length), body]);
}

const utf8 = 3;

function textFrame(id: string, text: string | undefined): Uint8Array {
  return text ? frame(id, concatenate([Uint8Array.of(utf8), new TextEncoder().encode(text)])) : new Uint8Array(0);
}

/** A comment in an unknown language (`XXX`), without a description. */
function commentFrame(text: string | undefined): Uint8Array {
  if (!text) return new Uint8Array(0);
  const encoder = new TextEncoder();
  return frame('COMM', concatenate([Uint8Array.of(utf8), encoder.encode('XXX\0'), encoder.encode(text)]));
}

function frame(id: string, body: Uint8Array): Uint8Array {
  return concatenate([new TextEncoder().encode(id), syncSafe(body.length), Uint8Array.of(0, 0), body]);
}

/** 28 bits in four bytes whose top bits are 0. */
function syncSafe(value: number): Uint8Array {
  return Uint8Array.of((value >> 21) & 127, (value >> 14) & 127, (value >> 7) & 127, value & 127);
}
