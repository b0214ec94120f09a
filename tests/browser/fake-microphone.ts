import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Audio } from '#core/audio/audio.ts';
import { writeWav } from '#core/audio/wav-writer.ts';

/** A microphone that Chromium takes for real and allows to every page, into which the recording is spoken over and over. */
export interface FakeMicrophone extends AsyncDisposable {
  /** For Chromium's command line. */
  readonly flags: readonly string[];
}

export async function openFakeMicrophone(spoken: Audio): Promise<FakeMicrophone> {
  const folder = await mkdtemp(join(tmpdir(), 'giong-microphone-'));
  const speech = join(folder, 'speech.wav');
  await Bun.write(speech, writeWav(spoken, 'wav16'));
  return {
    flags: [
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${speech}`,
    ],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
