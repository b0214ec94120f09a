import type { InferenceSession } from '../../inference/runtime.ts';
import type { Report } from './content.ts';
import { HiftDecoder } from './hift/decoder.ts';
import { type Chance, HARMONICS, turnsASample } from './hift/source.ts';
import type { Noise } from './noise.ts';
import type { MelConvention, Preset } from './presets.ts';
import { columns, runGraph, tensor, valuesOf } from './tensors.ts';

/** How a long mel is cut: into runs of at most a piece and a margin at each side of it, the neighbours that its samples hear. In frames. */
interface Cut {
  readonly piece: number;
  readonly margin: number;
}

/** HiFT takes 60 MB for a second at once: with three a worker of seed-vc-fast stays well below 900 MB. Its samples hear 14 frames of the pitch, which hears 5 more. */
const HIFT_CUT: Cut = { piece: 240, margin: 20 };
/** BigVGAN takes gigabytes for a few seconds. Its convolutions reach 39 frames, of which the outer ones change less than a millionth. */
const BIGVGAN_CUT: Cut = { piece: 320, margin: 32 };

/** From a log-mel [bands, frames] to its sound, [hop · frames], in −1 … 1. */
export type Vocoder = (mel: Float32Array, noise: Noise, report: Report) => Promise<Float32Array>;

export function createVocoder(network: InferenceSession | HiftDecoder, { vocoder, mel: convention }: Preset): Vocoder {
  const { bands, hop } = convention;
  if (network instanceof HiftDecoder) {
    return (mel, noise, report) => network.decode(mel, bands, chanceOf(noise, hop * (mel.length / bands)), report);
  }
  if (vocoder === 'hift') {
    return (mel, noise, report) => runHift(network, mel, convention, noise, report);
  }
  return (mel, _, report) => runBigVgan(network, mel, convention, report);
}

async function runHift(
  session: InferenceSession,
  mel: Float32Array,
  { bands, hop, sampleRate }: MelConvention,
  source: Noise,
  report: Report,
): Promise<Float32Array> {
  const frames = mel.length / bands;
  const { phase, noise } = chanceOf(source, hop * frames);
  const sound = new Float32Array(frames * hop);
  for (const { start, end, from, to } of piecesOf(frames, HIFT_CUT)) {
    const outputs = await session.run({
      mel: tensor(columns(mel, bands, from, to), 1, bands, to - from),
      phase: tensor(phase, 1, HARMONICS, 1),
      noise: tensor(columns(noise, HARMONICS, from * hop, to * hop), 1, HARMONICS, (to - from) * hop),
      anchor: { dims: [1], data: BigInt64Array.of(BigInt(start - from)) },
    });
    sound.set(valuesOf(outputs, 'audio').data.subarray((start - from) * hop, (end - from) * hop), start * hop);
    advance(phase, valuesOf(outputs, 'pitch').data.subarray(start - from, end - from), hop, sampleRate);
    await report(end / frames);
  }
  return sound;
}

/** Turns the harmonics' phases on by frames of a pitch in Hz. */
function advance(phase: Float32Array, pitch: Float32Array, hop: number, sampleRate: number): void {
  for (let harmonic = 0; harmonic < HARMONICS; harmonic++) {
    let turns = 0;
    for (const hertz of pitch) turns += hop * turnsASample(hertz, harmonic, sampleRate);
    phase[harmonic] = (phase[harmonic] ?? 0) + 2 * Math.PI * (turns % 1);
  }
}

/** What HiFT's source of so many samples draws. */
function chanceOf(noise: Noise, samples: number): Chance {
  const phase = Float32Array.from({ length: HARMONICS }, (_, h) => (h === 0 ? 0 : (2 * noise.uniform() - 1) * Math.PI));
  return { phase, noise: noise.normals(HARMONICS * samples) };
}

async function runBigVgan(
  session: InferenceSession,
  mel: Float32Array,
  { bands, hop }: MelConvention,
  report: Report,
): Promise<Float32Array> {
  const frames = mel.length / bands;
  const sound = new Float32Array(frames * hop);
  for (const { start, end, from, to } of piecesOf(frames, BIGVGAN_CUT)) {
    const feeds = { mel: tensor(columns(mel, bands, from, to), 1, bands, to - from) };
    const { data } = await runGraph(session, feeds, 'audio');
    sound.set(data.subarray((start - from) * hop, (end - from) * hop), start * hop);
    await report(end / frames);
  }
  return sound;
}

/** Lengths of runs are multiples of so many frames. */
const QUANTUM = 8;

/**
 * Pieces `start` … `end` − 1, and with their margins `from` … `to` − 1: runs of one length, and of few lengths whatever the frames are. The first
 * run of a length costs the native runtime up to twice the time, for it knows no place for each array yet and has the system map memory for it.
 */
function* piecesOf(frames: number, { piece, margin }: Cut) {
  const count = Math.max(1, Math.ceil((frames - 2 * margin) / piece));
  const shared = (frames + 2 * margin * (count - 1)) / count;
  const length = count === 1 ? frames : QUANTUM * Math.ceil(shared / QUANTUM);
  let start = 0;
  for (let i = 1; i <= count; i++) {
    const from = Math.max(0, start - margin);
    const next = i === count ? frames : Math.floor((i * (frames - length)) / (count - 1)) + margin;
    yield { start, end: next, from, to: from + length };
    start = next;
  }
}
