import type { Audio } from './audio/audio.ts';
import type { AudioInfo } from './audio/decode.ts';
import { encodeAudio, encodeSound, type OutputFormat } from './audio/encode.ts';
import { type AudioLimits, defaultLimits } from './audio/limits.ts';
import { collectSound, type Sound, soundOf } from './audio/sound.ts';
import type { AudioTags } from './audio/tags.ts';
import { convertAudio, convertLong, type Stage, type StageRunner, type Work } from './convert-stages.ts';
import type { Control, Engine } from './engines/engine.ts';
import { checkEngineOptions } from './engines/engine-options.ts';
import { EnginePool } from './engines/pool.ts';
import { createEngine as createRegisteredEngine } from './engines/registry.ts';
import { throwIfCancelled } from './errors.ts';
import type { Host } from './host.ts';
import { loadKernels } from './kernels/module.ts';
import { Loaded } from './loaded.ts';
import { createModelStore } from './models/store.ts';
import { type ConversionOptions, defaultConversionOptions, optionBounds } from './options.ts';
import { Progress } from './progress.ts';
import { openRecording, type Recording } from './recording.ts';
import { Stopwatch } from './stopwatch.ts';
import type { VoiceProfile } from './voice/profile.ts';

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

interface ConversionInfo {
  readonly engine: string;
  /** Length of the result: that of the source, times `lengthAdjust`. */
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

/** What became of a conversion into a file. */
export interface FileConversion<Written> {
  readonly sampleRate: number;
  readonly info: ConversionInfo;
  /** What the writer gave. */
  readonly written: Written;
}

/** The one way in: recordings to a voice, and a recording with a voice to a converted recording. */
export interface Converter {
  /** Describes a speaker by recordings of them. Throws `InputError` as `decodeAudio`, and `reference-no-speech`, `reference-too-short`. */
  profile(
    references: readonly Recording[],
    options?: { readonly engine?: string },
    control?: Control,
  ): Promise<VoiceProfile>;
  /** Throws `InputError` as `decodeAudio`, `audio-silent`, `option-invalid` for what the engine can't do, `voice-engine-mismatch`, `engine-unknown`; `CancelledError`. */
  convert(request: ConversionRequest, control?: Control): Promise<ConversionResult>;
  /**
   * The same into a file that `write` gets part by part, as it is made: neither file nor sound of a long recording is in memory
   * whole. Throws as `convert`, and what `write` throws; what fails while the file is made reaches `write` as an error of its parts.
   */
  convertFile<Written>(
    request: ConversionRequest & { readonly format: OutputFormat },
    write: (parts: AsyncIterable<Uint8Array>) => Promise<Written>,
    control?: Control,
  ): Promise<FileConversion<Written>>;
  /** Frees the engines that were loaded. */
  dispose(): Promise<void>;
}

export interface ConverterOptions {
  readonly limits?: AudioLimits | undefined;
  /** Sources longer than this are converted piece by piece, in seconds; 90 when left out. */
  readonly wholeSeconds?: number | undefined;
  /** Loads an engine by id; throws `InputError('engine-unknown')`. The registry's own when left out. */
  readonly createEngine?: ((id: string, host: Host) => Promise<Engine>) | undefined;
  /** Idle engines are unloaded, the longest unused first, while all together hold more bytes of models than this. No limit when left out. */
  readonly modelBytes?: number | undefined;
}

/** About how long each stage takes, in seconds for a minute of sound. */
const stageWeights: Readonly<Record<Stage, number>> = {
  decode: 0.1,
  denoise: 1.2,
  convert: 2.4,
  level: 0.2,
  encode: 0.2,
};

/**
 * Makes the converter of one host. Engines load on first use and stay until `dispose`; a failed load is forgotten, so that the
 * next call tries again. Calls may overlap: those of one engine run one after another.
 */
export function createConverter(host: Host, options: ConverterOptions = {}): Converter {
  const { limits = defaultLimits, wholeSeconds = 90, createEngine = createRegisteredEngine, modelBytes } = options;
  const models = createModelStore(host);
  const engineHost: Host = {
    runtime: host.runtime,
    loadKernels: (build) => host.loadKernels(build),
    loadModel: (path) => models.load(path),
    sha256: host.sha256,
    releaseMemory: () => host.releaseMemory?.(),
  };
  const engines = new EnginePool((id) => createEngine(id, engineHost), modelBytes);
  const kernels = new Loaded(() => loadKernels(host));

  /** From a recording to converted sound as loud as it was; `run` then encodes it. */
  async function convertSound(request: ConversionRequest, control: Control): Promise<Converted> {
    const { engine = 'mini', voice, options = defaultConversionOptions, format } = request;
    checkEngineOptions(engine, options);
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

    const loaded = await kernels.get();
    const source = await run('decode', (report) =>
      openRecording(request.source, { limits, wholeSeconds, kernels: loaded }, report),
    );
    const work: Work = {
      kernels: loaded,
      voice,
      options: { ...options, outputRate: options.outputRate ?? nearestOutputRate(source.sound.sampleRate) },
      level: stages.includes('level'),
      run,
      use: (task) => engines.use(engine, task),
      releaseMemory: () => host.releaseMemory?.(),
    };
    const sound = source.audio
      ? soundOf(await convertAudio(source.audio, work))
      : await convertLong(source.sound, work);
    const finish = (): ConversionInfo => {
      progress.finish();
      const seconds = (source.sound.length / source.sound.sampleRate) * (options.lengthAdjust ?? 1);
      return { engine, seconds, source: source.info(), timings: watch.timings };
    };
    return { sound, run, finish };
  }

  return {
    async profile(references, { engine = 'mini' } = {}, control = {}) {
      const { signal } = control;
      engines.warm(engine);
      const progress = new Progress(control.onProgress, 2 * references.length);
      const recordings: Audio[] = [];
      for (const reference of references) {
        const opening = { limits, kernels: await kernels.get(), wholeSeconds: Number.POSITIVE_INFINITY };
        const { audio } = await openRecording(reference, opening, { signal, onProgress: progress.stage(1) });
        if (audio) recordings.push(audio);
      }
      const report = { signal, onProgress: progress.stage(references.length) };
      const profile = await engines.use(engine, (loaded) => loaded.profile(recordings, report));
      progress.finish();
      return profile;
    },

    async convert(request, control = {}) {
      const { format, tags } = request;
      const { sound, run, finish } = await convertSound(request, control);
      const audio = await collectSound(sound);
      const bytes = format && (await run('encode', (report) => encodeAudio(audio, { format, tags, ...report })));
      return { audio, bytes, info: finish() };
    },

    async convertFile(request, write, control = {}) {
      const { format, tags } = request;
      const { sound, run, finish } = await convertSound(request, control);
      const written = await run('encode', (report) => write(encodeSound(sound, { format, tags, ...report })));
      return { sampleRate: sound.sampleRate, written, info: finish() };
    },

    dispose: () => engines.dispose(),
  };
}

interface Converted {
  readonly sound: Sound;
  readonly run: StageRunner;
  /** Reports the end. */
  finish(): ConversionInfo;
}

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
