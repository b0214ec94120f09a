import { InputError } from '../../errors.ts';
import { type ByteSource, bytesInMemory } from '../byte-source.ts';
import { detectFormat } from '../format.ts';
import { openWav } from '../wav.ts';
import { openAdts } from './aac.ts';
import { openTrack } from './container.ts';
import { openFlac } from './flac.ts';
import { readMatroska } from './matroska.ts';
import { openMp3 } from './mp3.ts';
import { readMp4 } from './mp4.ts';
import { openOgg } from './ogg.ts';
import type { PcmStream } from './pcm-stream.ts';

/** Enough of a file to tell its format. */
const headBytes = 2 ** 16;

/**
 * Opens a file for decoding, by its content. WAV and FLAC are read as they are decoded; the others, which are smaller, at once.
 * Throws `InputError('audio-format-unknown' | 'audio-corrupt')`.
 */
export async function openStream(file: ByteSource): Promise<PcmStream> {
  try {
    const format = detectFormat(await file.read(0, headBytes));
    if (format === 'wav') return await openWav(file);
    if (format === 'flac') return await openFlac(file);
    return await openWhole(await file.read(0, file.size));
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('audio-corrupt', { reason: 'header' }, { cause });
  }
}

async function openWhole(bytes: Uint8Array): Promise<PcmStream> {
  switch (detectFormat(bytes)) {
    case 'wav':
      return openWav(bytesInMemory(bytes));
    case 'flac':
      return openFlac(bytesInMemory(bytes));
    case 'mp3':
      return openMp3(bytes);
    case 'ogg':
    case 'opus':
      return openOgg(bytes);
    case 'aac':
      return openAdts(bytes);
    case 'm4a':
      return openTrack('m4a', readMp4(bytes));
    case 'webm':
      return openTrack('webm', readMatroska(bytes));
    case undefined:
      throw new InputError('audio-format-unknown');
  }
}
