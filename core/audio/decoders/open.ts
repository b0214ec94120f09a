import { InputError } from '../../errors.ts';
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

/** Opens a file for decoding, by its content. Throws `InputError('audio-format-unknown' | 'audio-corrupt')`. */
export function openStream(bytes: Uint8Array): PcmStream {
  try {
    return openByFormat(bytes);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('audio-corrupt', { reason: 'header' }, { cause });
  }
}

function openByFormat(bytes: Uint8Array): PcmStream {
  switch (detectFormat(bytes)) {
    case 'wav':
      return openWav(bytes);
    case 'mp3':
      return openMp3(bytes);
    case 'flac':
      return openFlac(bytes);
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
