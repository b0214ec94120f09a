import type { Control } from '../engines/engine.ts';
import type { Audio } from './audio.ts';
import { concatenate } from './bytes.ts';
import { writeFlac } from './flac/writer.ts';
import { writeMp3 } from './mp3-writer.ts';
import { type Sound, soundOf } from './sound.ts';
import type { AudioTags } from './tags.ts';
import { writeWavParts } from './wav-writer.ts';

/** File formats that can be written: WAV of 16 and 24 bit and 32-bit float, FLAC of 16 bit, MP3 of 128 kbit/s. */
export const outputFormats = ['wav16', 'wav24', 'wav32f', 'flac', 'mp3'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** File name extension and MIME type of an output format. */
export const outputFiles: Readonly<Record<OutputFormat, { readonly extension: string; readonly mimeType: string }>> = {
  wav16: { extension: 'wav', mimeType: 'audio/wav' },
  wav24: { extension: 'wav', mimeType: 'audio/wav' },
  wav32f: { extension: 'wav', mimeType: 'audio/wav' },
  flac: { extension: 'flac', mimeType: 'audio/flac' },
  mp3: { extension: 'mp3', mimeType: 'audio/mpeg' },
};

export interface EncodeOptions extends Control {
  readonly format: OutputFormat;
  readonly tags?: AudioTags | undefined;
}

/**
 * Encodes mono sound of 16000..48000 Hz. Samples beyond full scale are clipped (except in `wav32f`); rounding is to the nearest,
 * without dither, so the same sound gives the same bytes. Throws `CancelledError`.
 */
export async function encodeAudio(audio: Audio, options: EncodeOptions): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of encodeSound(soundOf(audio), options)) parts.push(part);
  return concatenate(parts);
}

/** The same for sound that is not in memory, part by part of the file. Goes through the sound once. */
export function encodeSound(sound: Sound, { format, tags, ...control }: EncodeOptions): AsyncGenerator<Uint8Array> {
  switch (format) {
    case 'flac':
      return writeFlac(sound, tags, control);
    case 'mp3':
      return writeMp3(sound, tags, control);
    default:
      return writeWavParts(sound, format, tags, control);
  }
}
