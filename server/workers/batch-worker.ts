import { durationSeconds } from '#core/audio/audio.ts';
import { provenanceTags } from '#core/audio/provenance.ts';
import type { ConversionOptions } from '#core/options.ts';
import { parseVoice, serializeVoice } from '#core/voice/serialize.ts';
import { createBunConverter } from '../converter.ts';
import { fileFormats } from '../file-formats.ts';
import { replaceFile } from '../files/replace-file.ts';
import type { CallControl } from './protocol.ts';
import { serveCalls } from './serve-calls.ts';

interface BatchSetup {
  readonly dataFolder: string;
}

interface BatchConversion {
  /** Paths of files. */
  readonly source: string;
  readonly out: string;
  /** A stored voice. */
  readonly voice: Uint8Array;
  readonly engine: string;
  readonly options: ConversionOptions;
  readonly format: keyof typeof fileFormats;
}

/** Converts files of this machine for the command line. The engine loads once and stays. */
function createHandlers({ dataFolder }: BatchSetup) {
  const converter = createBunConverter(undefined, dataFolder);

  return {
    /** Makes a voice of recordings. Throws as `Converter.profile`. */
    async describe(
      { recordings, engine }: { readonly recordings: readonly Uint8Array[]; readonly engine: string },
      { signal, onProgress }: CallControl,
    ): Promise<Uint8Array> {
      return serializeVoice(await (await converter).profile(recordings, { engine }, { signal, onProgress }));
    },

    /** Converts and writes one file. Throws as `Converter.convert`, `UnavailableError('storage-full')`. */
    async convert(task: BatchConversion, control: CallControl): Promise<{ seconds: number; bytes: number }> {
      const { source, out, engine, options, format } = task;
      const request = {
        source: await Bun.file(source).bytes(),
        voice: parseVoice(task.voice),
        engine,
        options,
        format: fileFormats[format],
        tags: provenanceTags(engine, new Date()),
      };
      const { audio, bytes } = await (await converter).convert(request, control);
      if (!bytes) throw new Error('the converter gave no file');
      await replaceFile(out, bytes);
      return { seconds: durationSeconds(audio), bytes: bytes.length };
    },
  };
}

export type BatchHandlers = ReturnType<typeof createHandlers>;
serveCalls(createHandlers);
