import type { Control } from '../engines/engine.ts';
import type { Audio } from './audio.ts';
import { writeFlac } from './flac/writer.ts';
import { writeMp3 } from './mp3-writer.ts';
import type { AudioTags } from './tags.ts';
import { writeWav } from './wav-writer.ts';

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
export async function encodeAudio(audio: Audio, { format, tags, ...control }: EncodeOptions): Promise<Uint8Array> {
  switch (format) {
    case 'flac':
      return writeFlac(audio, tags, control);
    case 'mp3':
      return writeMp3(audio, tags, control);
    default:
      return writeWav(audio, format, tags);
  }
}
