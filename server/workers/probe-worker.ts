import { checkAudible } from '#core/audio/checks.ts';
import { decodeAudio } from '#core/audio/decode.ts';
import { openFileStore } from '../files/open.ts';
import { paths } from '../paths.ts';
import { SampleCatalogue } from '../samples.ts';
import { audioLimits, readAudio } from './open-audio.ts';
import type { CallControl } from './protocol.ts';
import { serveCalls } from './serve-calls.ts';
import type { AudioFile, ProbeResult, WorkerSetup } from './tasks.ts';

/** Looks at uploads. It knows no engine, so it is small and always at hand, however busy the converting workers are. */
function createHandlers({ storage, maxAudioSeconds }: WorkerSetup) {
  const files = openFileStore(storage);
  const samples = SampleCatalogue.load(paths.samples);
  const limits = audioLimits(maxAudioSeconds);

  return {
    /** Decodes the whole recording. Throws `InputError` for one that can't be converted. */
    async probe(file: AudioFile, { signal }: CallControl): Promise<ProbeResult> {
      const { audio, info } = await decodeAudio(await readAudio(file, files, await samples), { limits, signal });
      checkAudible(audio);
      return { format: info.format, seconds: info.seconds };
    },
  };
}

export type ProbeHandlers = ReturnType<typeof createHandlers>;
serveCalls(createHandlers);
