import { Hearing } from '#core/audio/checks.ts';
import { openAudio } from '#core/audio/decode.ts';
import { createPace } from '#core/engines/pace.ts';
import { InputError } from '#core/errors.ts';
import { openFileStore } from '../files/open.ts';
import { paths } from '../paths.ts';
import { SampleCatalogue } from '../samples.ts';
import { audioLimits, openAudioFile } from './open-audio.ts';
import type { CallControl } from './protocol.ts';
import { serveCalls } from './serve-calls.ts';
import type { AudioFile, ProbeResult, WorkerSetup } from './tasks.ts';

/** Looks at uploads. It knows no engine, so it is small and always at hand, however busy the converting workers are. */
function createHandlers({ storage, maxAudioSeconds }: WorkerSetup) {
  const files = openFileStore(storage);
  const samples = SampleCatalogue.load(paths.samples);
  const limits = audioLimits(maxAudioSeconds);

  return {
    /** Decodes the whole recording, piece by piece. Throws `InputError` for one that can't be converted. */
    async probe(file: AudioFile, { signal }: CallControl): Promise<ProbeResult> {
      const opened = await openAudio(await openAudioFile(file, files, await samples), { limits });
      const pace = createPace({ decode: 1 }, { signal });
      const hearing = new Hearing();
      let audible = false;
      for await (const piece of opened.pieces()) {
        audible = hearing.hears(piece);
        await pace('decode', 0);
      }
      if (!audible) throw new InputError('audio-silent');
      return { format: opened.info.format, seconds: opened.info.seconds };
    },
  };
}

export type ProbeHandlers = ReturnType<typeof createHandlers>;
serveCalls(createHandlers);
