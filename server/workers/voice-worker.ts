import type { Audio } from '#core/audio/audio.ts';
import { checkAudible } from '#core/audio/checks.ts';
import { decodeAudio } from '#core/audio/decode.ts';
import { InputError } from '#core/errors.ts';
import { loadKernels } from '#core/kernels/module.ts';
import { optionBounds } from '#core/options.ts';
import { describeFor } from '#core/voice/describe.ts';
import { measureQuality } from '#core/voice/quality.ts';
import { parseVoice, serializeVoice } from '#core/voice/serialize.ts';
import { enginesOf, withSpeaker } from '#core/voice/speaker.ts';
import { createBunTools } from '../converter.ts';
import { openFileStore } from '../files/open.ts';
import { createBunHost } from '../host.ts';
import { paths } from '../paths.ts';
import { SampleCatalogue } from '../samples.ts';
import { hearSpeaker } from '../voices/hear-speaker.ts';
import { audioLimits, readAudio } from './open-audio.ts';
import type { CallControl } from './protocol.ts';
import { serveCalls } from './serve-calls.ts';
import type { AudioFile, DescribeTask, DescribeTaskResult, ProfileSummary, WorkerSetup } from './tasks.ts';

/** All references of a voice together are at most this long: far more than a voice gains from. Seconds. */
const mostReferenceSeconds = 600;

/** Makes voices of recordings, and looks into voices that come from elsewhere. */
function createHandlers({ storage, dataFolder, maxAudioSeconds, modelCacheBytes }: WorkerSetup) {
  const files = openFileStore(storage);
  const samples = SampleCatalogue.load(paths.samples);
  const limits = audioLimits(Math.min(maxAudioSeconds, mostReferenceSeconds));
  const tools = createBunTools(limits, dataFolder, modelCacheBytes);
  const kernels = createBunHost().then(loadKernels);

  async function readReferences(references: readonly AudioFile[], { signal }: CallControl): Promise<Audio[]> {
    const highest = { sampleRate: optionBounds.outputRate.maximum, kernels: await kernels };
    const recordings: Audio[] = [];
    let seconds = 0;
    for (const reference of references) {
      const bytes = await readAudio(reference, files, await samples);
      const { audio, info } = await decodeAudio(bytes, { limits, highest, signal });
      checkAudible(audio);
      seconds += info.seconds;
      if (seconds > limits.maxSeconds) throw new InputError('audio-too-long', { seconds, limit: limits.maxSeconds });
      recordings.push(audio);
    }
    return recordings;
  }

  return {
    /** Describes the speaker, stores the profile and measures the recordings. Throws `InputError`, `UnavailableError`, `CancelledError`. */
    async describe(task: DescribeTask, control: CallControl): Promise<DescribeTaskResult> {
      const recordings = await readReferences(task.references, control);
      const quality = measureQuality(recordings);
      const { signal } = control;
      const { converter, speakers } = await tools;
      const profile = await describeFor(task.engines, recordings, converter, { signal });
      const { speaker, similarity } = await hearSpeaker(speakers, recordings, task.similarityThreshold, signal);
      const voice = speaker ? withSpeaker(profile, speaker) : profile;
      const stored = await files.write(task.voiceKey, serializeVoice(voice));
      return {
        stored,
        quality: { ...quality, similarity },
        engines: enginesOf(voice),
        speechSeconds: voice.speechSeconds,
      };
    },

    /** Reads a stored profile whole. Throws `InputError('voice-corrupt' | 'voice-version-unknown')`. */
    async inspect(voiceKey: string): Promise<ProfileSummary> {
      const voice = parseVoice(await (await files.open(voiceKey)).bytes());
      return { engines: enginesOf(voice), speechSeconds: voice.speechSeconds };
    },
  };
}

export type VoiceHandlers = ReturnType<typeof createHandlers>;
serveCalls(createHandlers);
