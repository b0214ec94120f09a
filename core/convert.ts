import { type Audio, durationSeconds } from './audio/audio.ts';
import { checkAudible, checkAudio } from './audio/checks.ts';
import { type AudioInfo, decodeAudio } from './audio/decode.ts';
import { denoiseInPlace } from './audio/denoise.ts';
import { encodeAudio, type OutputFormat } from './audio/encode.ts';
import { type AudioLimits, defaultLimits } from './audio/limits.ts';
import { loudnessOf, matchLoudnessInPlace } from './audio/loudness.ts';
import type { AudioTags } from './audio/tags.ts';
import type { Control, Engine } from './engines/engine.ts';
import { EnginePool } from './engines/pool.ts';
import { createEngine as createRegisteredEngine } from './engines/registry.ts';
import { throwIfCancelled } from './errors.ts';
import type { Host } from './host.ts';
import { type Kernels, loadKernels } from './kernels/module.ts';
import { Loaded } from './loaded.ts';
import { createModelStore } from './models/store.ts';
import { type ConversionOptions, defaultConversionOptions, optionBounds } from './options.ts';
import { Progress } from './progress.ts';
import { Stopwatch } from './stopwatch.ts';
import type { VoiceProfile } from './voice/profile.ts';

/** A file's bytes, or sound that is decoded already. */
type Recording = Uint8Array | Audio;

interface ConversionRequest {
  readonly source: Recording;
  readonly voice: VoiceProfile;
  /** Engine id; `mini` when left out. */
  readonly engine?: string | undefined;
  readonly options?: ConversionOptions | undefined;
  /** When given, the result is encoded too. */
  readonly format?: OutputFormat | undefined;
  readonly tags?: AudioTags | undefined;
}

/** The stages of a conversion, in order. */
type Stage = 'decode' | 'denoise' | 'convert' | 'level' | 'encode';

interface ConversionInfo {
  readonly engine: string;
  /** Length of the source and of the result. */
  readonly seconds: number;
  /** What the source's file was; undefined for sound that came decoded. */
  readonly source: AudioInfo | undefined;
  /** Wall-clock seconds of the stages that ran. */
  readonly timings: Readonly<Partial<Record<Stage, number>>>;
}

export interface ConversionResult {
  readonly audio: Audio;
  /** The encoded file, when a format was asked for. */
  readonly bytes?: Uint8Array | undefined;
  readonly info: ConversionInfo;
}

/** The one way in: recordings to a voice, and a recording with a voice to a converted recording. */
export interface Converter {
  /** Describes a speaker by recordings of them. Throws `InputError` as `decodeAudio`, and `reference-no-speech`, `reference-too-short`. */
  profile(
    references: readonly Recording[],
    options?: { readonly engine?: string },
    control?: Control,
  ): Promise<VoiceProfile>;
  /** Throws `InputError` as `decodeAudio`, `audio-silent`, `voice-engine-mismatch`, `engine-unknown`; `CancelledError`. */
  convert(request: ConversionRequest, control?: Control): Promise<ConversionResult>;
  /** Frees the engines that were loaded. */
  dispose(): Promise<void>;
}

export interface ConverterOptions {
  readonly limits?: AudioLimits | undefined;
  /** Loads an engine by id; throws `InputError('engine-unknown')`. The registry's own when left out. */
  readonly createEngine?: ((id: string, host: Host) => Promise<Engine>) | undefined;
}

/** About how long each stage takes, in seconds for a minute of sound. */
const stageWeights: Readonly<Record<Stage, number>> = {
  decode: 0.1,
  denoise: 1.2,
  convert: 2.4,
  level: 0.2,
  encode: 0.2,
};

/** Recordings longer than this are worth a pause for giving memory back, in seconds. */
const longSeconds = 60;

/**
 * Makes the converter of one host. Engines load on first use and stay until `dispose`; a failed load is forgotten, so that the
 * next call tries again. Calls may overlap: those of one engine run one after another.
 */
export function createConverter(host: Host, options: ConverterOptions = {}): Converter {
  const { limits = defaultLimits, createEngine = createRegisteredEngine } = options;
  const models = createModelStore(host);
  const engineHost: Host = {
    runtime: host.runtime,
    loadKernels: (build) => host.loadKernels(build),
    loadModel: (path) => models.load(path),
  };
  const engines = new EnginePool((id) => createEngine(id, engineHost));
  const kernels = new Loaded(() => loadKernels(host));

  /** From source to converted sound. Apart from `convert`, so that the source is let go before the result is encoded. */
  async function convertSound(
    { source, voice }: ConversionRequest,
    engine: string,
    options: ConversionOptions,
    run: StageRunner,
  ): Promise<{ audio: Audio; targetLufs: number; seconds: number; source: AudioInfo | undefined }> {
    const { audio: input, info } = await run('decode', async (report) => {
      const read = await readRecording(source, limits, await kernels.get(), report);
      checkAudible(read.audio);
      return read;
    });
    if (options.denoise > 0) {
      await run('denoise', async (report) => denoiseInPlace(input, options.denoise, await kernels.get(), report));
    }
    const outputRate = options.outputRate ?? nearestOutputRate(input.sampleRate);
    const seconds = durationSeconds(input);
    const targetLufs = loudnessOf(input, await kernels.get());
    // The file's bytes are done with, and later the source: in a long recording each is as large as all else.
    if (seconds > longSeconds) host.releaseMemory?.();
    const audio = await run('convert', (report) =>
      engines.use(engine, (loaded) => loaded.convert(input, voice, { ...options, outputRate }, report)),
    );
    return { audio, targetLufs, seconds, source: info };
  }

  return {
    async profile(references, { engine = 'mini' } = {}, control = {}) {
      const { signal } = control;
      engines.warm(engine);
      const progress = new Progress(control.onProgress, 2 * references.length);
      const recordings: Audio[] = [];
      for (const reference of references) {
        const { audio } = await readRecording(reference, limits, await kernels.get(), {
          signal,
          onProgress: progress.stage(1),
        });
        checkAudible(audio);
        recordings.push(audio);
      }
      const report = { signal, onProgress: progress.stage(references.length) };
      const profile = await engines.use(engine, (loaded) => loaded.profile(recordings, report));
      progress.finish();
      return profile;
    },

    async convert(request, control = {}) {
      const { engine = 'mini', options = defaultConversionOptions, format, tags } = request;
      const stages = stagesOf(options, format);
      engines.warm(engine);
      const progress = new Progress(control.onProgress, sum(stages.map((stage) => stageWeights[stage])));
      const watch = new Stopwatch<Stage>();
      const run: StageRunner = async (stage, work) => {
        throwIfCancelled(control.signal);
        const result = await work({ signal: control.signal, onProgress: progress.stage(stageWeights[stage]) });
        watch.lap(stage);
        return result;
      };

      const { audio, targetLufs, ...source } = await convertSound(request, engine, options, run);
      if (source.seconds > longSeconds) host.releaseMemory?.();
      if (stages.includes('level')) {
        await run('level', async () => matchLoudnessInPlace(audio, targetLufs, await kernels.get()));
      }
      const bytes = format && (await run('encode', (report) => encodeAudio(audio, { format, tags, ...report })));
      progress.finish();
      return { audio, bytes, info: { engine, ...source, timings: watch.timings } };
    },

    dispose: () => engines.dispose(),
  };
}

/** Runs the work of a stage and takes its time. Throws `CancelledError` before it when cancelled. */
type StageRunner = <T>(stage: Stage, work: (report: Control) => Promise<T>) => Promise<T>;

/** The stages that run: with strength 0 the source comes back as it is, so nothing levels it. */
function stagesOf({ denoise, strength }: ConversionOptions, format: OutputFormat | undefined): Stage[] {
  const runs: Readonly<Record<Stage, boolean>> = {
    decode: true,
    denoise: denoise > 0,
    convert: true,
    level: strength > 0,
    encode: format !== undefined,
  };
  return stageOrder.filter((stage) => runs[stage]);
}

const stageOrder: readonly Stage[] = ['decode', 'denoise', 'convert', 'level', 'encode'];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The source's own rate, moved into the range that can be written. */
export function nearestOutputRate(sampleRate: number): number {
  const { minimum, maximum } = optionBounds.outputRate;
  return Math.min(maximum, Math.max(minimum, sampleRate));
}

/** Sound of a recording that the caller may change: decoded, or checked and copied. */
async function readRecording(
  recording: Recording,
  limits: AudioLimits,
  kernels: Kernels,
  control: Control,
): Promise<{ audio: Audio; info: AudioInfo | undefined }> {
  // No result has a higher rate, so more would only take memory.
  const highest = { sampleRate: optionBounds.outputRate.maximum, kernels };
  if (recording instanceof Uint8Array) return decodeAudio(recording, { limits, highest, ...control });
  checkAudio(recording, limits);
  return { audio: { ...recording, samples: recording.samples.slice() }, info: undefined };
}
