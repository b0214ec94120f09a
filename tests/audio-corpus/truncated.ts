import { type BrokenFile, broken } from './broken-file.ts';
import { fixture } from './bytes.ts';

/** Each container and codec; for MP4 with its index first, last and in pieces. */
const files = [
  's16.wav',
  'rf64.wav',
  'xing.mp3',
  'plain.mp3',
  'lossless.flac',
  'recorder.m4a',
  'index-last.m4a',
  'fragmented.mp4',
  'stream.aac',
  'vorbis.ogg',
  'opus.ogg',
  'browser.webm',
  'live.webm',
  'vorbis.webm',
];

/** The WAV and FLAC fixtures are so short that they lose less than 0.1 s here, which is tolerated. */
const tolerated: readonly string[] = ['s16.wav at 90 %', 'rf64.wav at 90 %', 'lossless.flac at 90 %'];

/** Of these the last byte is no sound: half a sample, a frame of the tolerated length, or a box behind the index. */
const endsInNoSound: readonly string[] = ['s16.wav', 'rf64.wav', 'lossless.flac', 'index-last.m4a', 'fragmented.mp4'];

/**
 * Files cut in their headers, early, in the middle and late. They are refused, though most hold some sound: a conversion that
 * lacks its end would be noticed too late.
 */
export const truncated: readonly BrokenFile[] = [
  ...files.flatMap((file) =>
    [25, 50, 90].map((percent) => {
      const name = `${file} at ${percent} %`;
      return broken(`cut: ${name}`, tolerated.includes(name) ? 'decodes' : 'audio-corrupt', async () => {
        const bytes = await fixture(file);
        return bytes.slice(0, Math.floor((bytes.length * percent) / 100));
      });
    }),
  ),
  ...files.map((file) =>
    broken(`cut: ${file} without its last byte`, endsInNoSound.includes(file) ? 'decodes' : 'audio-corrupt', async () =>
      (await fixture(file)).slice(0, -1),
    ),
  ),
  ...(['s16.wav', 'lossless.flac', 'recorder.m4a', 'opus.ogg', 'browser.webm'] as const).map((file) =>
    broken(`cut: the first 100 bytes of ${file}`, 'audio-corrupt', async () => (await fixture(file)).slice(0, 100)),
  ),
];
