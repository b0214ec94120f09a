import type { Audio } from './audio/audio.ts';
import { Hearing } from './audio/checks.ts';
import { OpenedAudio } from './audio/decode.ts';
import { Denoiser, denoiseInPlace } from './audio/denoise.ts';
import { matchLoudness } from './audio/level.ts';
import { loudnessOf, matchLoudnessInPlace } from './audio/loudness.ts';
import { LoudnessMeter } from './audio/loudness-meter.ts';
import { PackedSound, remembered } from './audio/packed.ts';
import { collectSound, type Sound, soundOf } from './audio/sound.ts';
import type { Control, ConvertOptions, Engine } from './engines/engine.ts';
import { createPace } from './engines/pace.ts';
import { InputError } from './errors.ts';
import type { Kernels } from './kernels/module.ts';
import type { VoiceProfile } from './voice/profile.ts';

/** Samples of a file that are kept between the stages: 12 minutes at 44.1 kHz, 64 MB. Longer ones are decoded three times. */
const mostRemembered = 2 ** 25;

/** Samples of a result after which memory is cleared: each leaves some 30 bytes behind. */
const mostUntidy = 2 ** 21;

/** The stages of a conversion, in order. */
export type Stage = 'decode' | 'denoise' | 'convert' | 'level' | 'encode';

/** Runs the work of a stage and takes its time. Throws `CancelledError` before it when cancelled. */
export type StageRunner = <T>(stage: Stage, work: (report: Control) => Promise<T>) => Promise<T>;

/** What lies between reading a recording and writing the result: noise, voice, loudness. */
export interface Work {
  readonly kernels: Kernels;
  readonly voice: VoiceProfile;
  readonly options: ConvertOptions & { readonly denoise: number };
  /** Whether the result is brought to the loudness of the source. */
  readonly level: boolean;
  readonly run: StageRunner;
  /** Gives the engine to a task, one after another. */
  use<T>(task: (engine: Engine) => Promise<T>): Promise<T>;
  /** See `Host.releaseMemory`. */
  releaseMemory(): void;
}

/** Converts sound that is in memory, and is used up. */
export async function convertAudio(source: Audio, work: Work): Promise<Audio> {
  const { kernels, voice, options, run } = work;
  if (options.denoise > 0) await run('denoise', (report) => denoiseInPlace(source, options.denoise, kernels, report));
  const targetLufs = loudnessOf(source, kernels);
  const result = await run('convert', (report) => work.use((engine) => engine.convert(source, voice, options, report)));
  if (work.level) await run('level', async () => matchLoudnessInPlace(result, targetLufs, kernels));
  return result;
}

/** Converts a recording that is too long to be in memory whole. The result is made anew each time it is gone through. */
export async function convertLong(recording: Sound, work: Work): Promise<Sound> {
  const { kernels, voice, options, run } = work;
  const clean =
    options.denoise > 0 ? await run('denoise', (report) => denoised(recording, work, report)) : readable(recording);
  const source = new MeteredSound(clean, kernels);
  const result = await run('convert', (report) =>
    work.use(async (engine) => {
      if (engine.convertSound) return engine.convertSound(source, voice, options, report);
      return soundOf(await engine.convert(await collectSound(source), voice, options, report));
    }),
  );
  // What the engine knew of the recording has just become free.
  work.releaseMemory();
  const tidy = tidied(result, work);
  if (!work.level) return tidy;
  return run('level', (report) => {
    const pace = createPace({ level: 1 }, report);
    return matchLoudness(tidy, source.loudness, kernels, (fraction) => pace('level', fraction));
  });
}

/** The same sound. What each piece of it leaves behind is cleared away now and then: hosts wait until it is hundreds of megabytes. */
function tidied(sound: Sound, work: Work): Sound {
  const { sampleRate, length } = sound;
  return {
    sampleRate,
    length,
    async *pieces() {
      let untidy = 0;
      for await (const piece of sound.pieces()) {
        untidy += piece.length;
        if (untidy > mostUntidy) {
          work.releaseMemory();
          untidy = 0;
        }
        yield piece;
      }
    },
  };
}

/** A file is decoded once, unless what it would take in memory meanwhile is too much. */
function readable(recording: Sound): Sound {
  const isSmall = recording.length <= mostRemembered && recording instanceof OpenedAudio;
  return isSmall ? remembered(recording) : recording;
}

/** Noise is sought once: that takes as long as half of the conversion. */
async function denoised(source: Sound, { kernels, options }: Work, control: Control): Promise<Sound> {
  const pace = createPace({ denoise: 1 }, control);
  const packed = new PackedSound(source.sampleRate);
  const denoiser = await Denoiser.create(source.sampleRate, options.denoise, kernels);
  try {
    for await (const piece of source.pieces()) {
      packed.append(denoiser.push(piece));
      await pace('denoise', Math.min(1, packed.length / Math.max(1, source.length)));
    }
    packed.append(denoiser.flush());
    return packed;
  } finally {
    denoiser.dispose();
  }
}

/** Measures a sound the first time that it is gone through. Throws `InputError('audio-silent')` at its end where nothing was audible. */
class MeteredSound implements Sound {
  readonly sampleRate: number;
  readonly #sound: Sound;
  readonly #kernels: Kernels;
  #loudness: number | undefined;

  constructor(sound: Sound, kernels: Kernels) {
    this.sampleRate = sound.sampleRate;
    this.#sound = sound;
    this.#kernels = kernels;
  }

  get length(): number {
    return this.#sound.length;
  }

  /** In LUFS, once it has been gone through. */
  get loudness(): number {
    return this.#loudness ?? Number.NEGATIVE_INFINITY;
  }

  pieces(): AsyncIterable<Float32Array> {
    return this.#loudness === undefined ? this.#measured() : this.#sound.pieces();
  }

  async *#measured(): AsyncGenerator<Float32Array> {
    const meter = new LoudnessMeter(this.#kernels, this.sampleRate);
    const hearing = new Hearing();
    let audible = false;
    for await (const piece of this.#sound.pieces()) {
      audible = hearing.hears(piece);
      meter.push(piece);
      yield piece;
    }
    if (!audible) throw new InputError('audio-silent');
    this.#loudness = meter.finish().loudness;
  }
}
