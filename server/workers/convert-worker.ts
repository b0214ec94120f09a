import type { OutputFormat } from '#core/audio/encode.ts';
import { provenanceTags } from '#core/audio/provenance.ts';
import type { VoiceProfile } from '#core/voice/profile.ts';
import { parseVoice } from '#core/voice/serialize.ts';
import { similarityOf, whereTold } from '#core/voice/similarity.ts';
import { speakerOf, withSpeaker } from '#core/voice/speaker.ts';
import { createBunTools } from '../converter.ts';
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

/** Share of the progress that the conversion has where the result is compared with the voice afterwards. */
const conversionShare = 0.8;

/** Converts. The engines load once and stay. */
function createHandlers(
  { storage, dataFolder, maxAudioSeconds, voiceCacheBytes, modelCacheBytes }: WorkerSetup,
  report: WorkerReport,
) {
  const files = openFileStore(storage);
  const samples = SampleCatalogue.load(paths.samples);
  const voices = new ByteCache<VoiceProfile>(voiceCacheBytes, bytesOf);
  report.watchCache('voices', voices);
  const tools = createBunTools(audioLimits(maxAudioSeconds), dataFolder, modelCacheBytes);

  async function voiceOf(file: VoiceFile, engine: string, control: CallControl) {
    const key = voiceKey(file, engine);
    const known = voices.get(key);
    if (known) return { voice: known, wasCached: true };
    const voice = await openVoice(file, engine, control);
    voices.set(key, voice);
    return { voice, wasCached: false };
  }

  async function openVoice(file: VoiceFile, engine: string, { signal }: CallControl): Promise<VoiceProfile> {
    if (file.kind === 'profile') return parseVoice(await (await files.open(file.key)).bytes());
    const bytes = await readAudio(file, files, await samples);
    return (await tools).converter.profile([bytes], { engine }, { signal });
  }

  /** The speaker of a voice, kept with it. */
  async function speakerIn(file: VoiceFile, engine: string, voice: VoiceProfile, { signal }: CallControl) {
    const known = speakerOf(voice);
    if (known || file.kind === 'profile') return known;
    const recording = await openAudioFile(file, files, await samples);
    const speaker = await whereTold((await tools).speakers.embed(recording, { signal }));
    if (speaker) voices.set(voiceKey(file, engine), withSpeaker(voice, speaker));
    return speaker;
  }

  async function similarityTo(
    { voice: file, engine, resultKey }: ConvertTask,
    voice: VoiceProfile,
    control: CallControl,
  ): Promise<number | null> {
    const speaker = await speakerIn(file, engine, voice, control);
    if (!speaker) return null;
    const result = await whereTold((await tools).speakers.embed(await files.open(resultKey), control));
    return result ? similarityOf(result, speaker) : null;
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
      const share = task.similarity ? conversionShare : 1;
      const { written, sampleRate, info } = await (await tools).converter.convertFile(
        {
          source: await openAudioFile(task.source, files, await samples),
          voice,
          engine,
          options,
          format: fileFormats[format] satisfies OutputFormat,
          tags: provenanceTags(engine, new Date(), jobId),
        },
        (parts) => files.write(resultKey, parts),
        { signal: control.signal, onProgress: (fraction) => control.onProgress(share * fraction) },
      );
      const similarity = task.similarity ? await similarityTo(task, voice, control) : null;
      return { bytes: written.bytes, seconds: info.seconds, sampleRate, similarity, voiceWasCached: wasCached };
    },
  };
}

const voiceKey = (file: VoiceFile, engine: string): string => `${engine} ${contentKey(file)}`;

function bytesOf(voice: VoiceProfile): number {
  const features = Object.values(voice.engines).flatMap((engine) => Object.values(engine));
  return features.reduce((total, feature) => total + feature.data.byteLength, 0);
}

export type ConvertHandlers = ReturnType<typeof createHandlers>;
yieldToServer();
serveCalls(createHandlers);
