import type { OutputFormat } from '#core/audio/encode.ts';
import { provenanceTags } from '#core/audio/provenance.ts';
import type { VoiceProfile } from '#core/voice/profile.ts';
import { parseVoice } from '#core/voice/serialize.ts';
import { createBunConverter } from '../converter.ts';
import { fileFormats } from '../file-formats.ts';
import { openFileStore } from '../files/open.ts';
import { paths } from '../paths.ts';
import { SampleCatalogue } from '../samples.ts';
import { ByteCache } from './byte-cache.ts';
import { audioLimits, contentKey, openAudioFile, readAudio } from './open-audio.ts';
import { yieldToServer } from './priority.ts';
import type { CallControl, WorkerReport } from './protocol.ts';
import { serveCalls } from './serve-calls.ts';
import type { ConvertTask, ConvertTaskResult, VoiceFile, WorkerSetup } from './tasks.ts';

/** Converts. The engines load once and stay. */
function createHandlers(
  { storage, dataFolder, maxAudioSeconds, voiceCacheBytes, modelCacheBytes }: WorkerSetup,
  report: WorkerReport,
) {
  const files = openFileStore(storage);
  const samples = SampleCatalogue.load(paths.samples);
  const voices = new ByteCache<VoiceProfile>(voiceCacheBytes, bytesOf);
  report.watchCache('voices', voices);
  const converter = createBunConverter(audioLimits(maxAudioSeconds), dataFolder, modelCacheBytes);

  async function voiceOf(file: VoiceFile, engine: string, control: CallControl) {
    const key = `${engine} ${contentKey(file)}`;
    const known = voices.get(key);
    if (known) return { voice: known, wasCached: true };
    const voice = await openVoice(file, engine, control);
    voices.set(key, voice);
    return { voice, wasCached: false };
  }

  async function openVoice(file: VoiceFile, engine: string, { signal }: CallControl): Promise<VoiceProfile> {
    if (file.kind === 'profile') return parseVoice(await (await files.open(file.key)).bytes());
    const bytes = await readAudio(file, files, await samples);
    return (await converter).profile([bytes], { engine }, { signal });
  }

  return {
    /** Loads the engine and describes a voice, so that the first job finds both. */
    async prepare({ voice, engine }: { voice: VoiceFile; engine: string }, control: CallControl) {
      await voiceOf(voice, engine, control);
    },

    /** Converts and stores the result. Throws `InputError`, `UnavailableError`, `CancelledError`. */
    async convert(task: ConvertTask, control: CallControl): Promise<ConvertTaskResult> {
      const { engine, options, format, jobId, resultKey } = task;
      const { voice, wasCached } = await voiceOf(task.voice, engine, control);
      const { written, sampleRate, info } = await (await converter).convertFile(
        {
          source: await openAudioFile(task.source, files, await samples),
          voice,
          engine,
          options,
          format: fileFormats[format] satisfies OutputFormat,
          tags: provenanceTags(engine, new Date(), jobId),
        },
        (parts) => files.write(resultKey, parts),
        control,
      );
      return { bytes: written.bytes, seconds: info.seconds, sampleRate, voiceWasCached: wasCached };
    },
  };
}

function bytesOf(voice: VoiceProfile): number {
  const features = Object.values(voice.engines).flatMap((engine) => Object.values(engine));
  return features.reduce((total, feature) => total + feature.data.byteLength, 0);
}

export type ConvertHandlers = ReturnType<typeof createHandlers>;
yieldToServer();
serveCalls(createHandlers);
