import { basename, dirname, extname } from 'node:path';
import { provenanceTags } from '#core/audio/provenance.ts';
import { createConverter, type FileConversion } from '#core/convert.ts';
import { checkEngineOptions } from '#core/engines/engine-options.ts';
import type { Host } from '#core/host.ts';
import { type ConversionOptions, parseOptions } from '#core/options.ts';
import { createSpeakerEncoder, meanSpeaker, similarityOf, whereTold } from '#core/voice/similarity.ts';
import { speakerOf } from '#core/voice/speaker.ts';
import { fileFormats } from '../file-formats.ts';
import type { DataFlag } from './data-folder.ts';
import { findRecording, isFolder, writeWhole } from './files.ts';
import { about, UsageError, type Voice } from './outcome.ts';
import { startProgress } from './progress.ts';
import { number, type SeedVcFlags, seedVcOptionsOf } from './seed-vc-flags.ts';
import { chooseVoice, type VoiceChoice } from './voice-choice.ts';
import type { Words } from './words.ts';

/** Options of `giong convert`, as they come from the command line. */
export interface ConvertFlags extends DataFlag, SeedVcFlags {
  readonly voice: readonly string[];
  readonly engine?: string;
  readonly out?: string;
  readonly format?: string;
  readonly strength?: string;
  readonly pitch?: string;
  readonly formant?: string;
  /** True when it came without a number. */
  readonly noiseReduction?: string | true;
  readonly rate?: string;
  readonly seed?: string;
  readonly similarity?: true;
}

const defaultEngine = 'mini';
/** Share of the whole that describing the voice is counted as. */
const profileShare = 0.1;

/** `giong convert`: all in this process, no server needed. Throws `GiongError`. */
export async function convert(
  source: string,
  flags: ConvertFlags,
  voice: Voice,
  words: Words,
  host: Promise<Host>,
): Promise<void> {
  const start = performance.now();
  const options = optionsOf(flags);
  const format = formatOf(flags);
  const out = flags.out ?? `${basename(source, extname(source))}.giong.${format}`;
  // What is missing shows before any work is done.
  if (!(await isFolder(dirname(out)))) throw new UsageError('--out');
  const sourceFile = await findRecording(source);
  const chosen = await chooseVoice(flags.voice, flags);

  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  const progress = await startProgress(words);
  const { signal } = interrupt;
  const { engine = defaultEngine } = flags;
  const converter = createConverter(await host);
  try {
    const describing = { signal, onProgress: (fraction: number) => progress.update(fraction * profileShare) };
    const describe = async (recordings: readonly Blob[]) =>
      converter.profile(await Promise.all(recordings.map((file) => file.bytes())), { engine }, describing);
    const profile =
      chosen.kind === 'profile' ? chosen.profile : await about(flags.voice.join(', '), describe(chosen.recordings));

    const request = {
      voice: profile,
      engine,
      options,
      format: fileFormats[format],
      tags: provenanceTags(engine, new Date()),
    };
    const converting = {
      signal,
      onProgress: (fraction: number) => progress.update(profileShare + fraction * (1 - profileShare)),
    };
    const write = (parts: AsyncIterable<Uint8Array>) => writeWhole(out, parts);
    const result = await about(source, converter.convertFile({ ...request, source: sourceFile }, write, converting));
    const wallSeconds = (performance.now() - start) / 1000;
    const similarity = flags.similarity ? await similarityOfFile(out, chosen, await host, signal) : null;
    progress.stop();

    const report = reportOf(result, { out, format, speechSeconds: profile.speechSeconds, wallSeconds, similarity });
    if (voice.json) console.log(JSON.stringify(report));
    else console.log(`${words.written} ${out} (${report.seconds.toFixed(1)} s, ${wallSeconds.toFixed(1)} s)`);
    if (flags.similarity && !voice.json) console.log(`${words.similarity}: ${similarity?.toFixed(2) ?? '–'}`);
  } finally {
    progress.stop();
    process.off('SIGINT', onInterrupt);
    await converter.dispose();
  }
}

/** Of the result and the voice; null where it cannot be told. */
async function similarityOfFile(
  out: string,
  chosen: VoiceChoice,
  host: Host,
  signal: AbortSignal,
): Promise<number | null> {
  const speakers = createSpeakerEncoder(host);
  try {
    const recordings = chosen.kind === 'recordings' ? chosen.recordings : [];
    const heard = await whereTold(Promise.all(recordings.map((file) => speakers.embed(file, { signal }))));
    const speaker = chosen.kind === 'profile' ? speakerOf(chosen.profile) : heard && meanSpeaker(heard);
    if (!speaker) return null;
    const result = await whereTold(speakers.embed(Bun.file(out), { signal }));
    return result ? similarityOf(result, speaker) : null;
  } finally {
    await speakers.dispose();
  }
}

/** What `--json` prints; `rtf` is the time of the whole command, without the similarity, per second of the source. */
function reportOf(
  { sampleRate, written, info }: FileConversion<number>,
  about: { out: string; format: string; speechSeconds: number; wallSeconds: number; similarity: number | null },
) {
  return {
    ...about,
    seconds: info.seconds,
    sourceSeconds: info.seconds,
    sampleRate,
    bytes: written,
    engine: info.engine,
    rtf: about.wallSeconds / info.seconds,
    timings: info.timings,
  };
}

/** Throws `InputError('option-invalid')`, also for what the engine has no means to do. */
export function optionsOf(flags: ConvertFlags): ConversionOptions {
  const options = parseOptions({
    strength: number(flags.strength),
    pitch: flags.pitch === 'auto' || flags.pitch === 'keep' ? flags.pitch : number(flags.pitch),
    formant: number(flags.formant),
    denoise: flags.noiseReduction === true ? 1 : number(flags.noiseReduction),
    outputRate: number(flags.rate),
    seed: number(flags.seed),
    ...seedVcOptionsOf(flags),
  });
  checkEngineOptions(flags.engine ?? defaultEngine, options);
  return options;
}

/** Throws `UsageError`. */
export function formatOf({ format, out }: ConvertFlags): keyof typeof fileFormats {
  const asked = format ?? (out === undefined ? 'wav' : extname(out).slice(1).toLowerCase());
  const known = (Object.keys(fileFormats) as (keyof typeof fileFormats)[]).find((name) => name === asked);
  if (!known) throw new UsageError(format === undefined ? '--out' : '--format');
  return known;
}
