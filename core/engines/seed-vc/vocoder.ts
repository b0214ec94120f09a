import type { InferenceSession } from '../../inference/runtime.ts';
import type { Report } from './content.ts';
import { HiftDecoder } from './hift/decoder.ts';
import { type Chance, HARMONICS } from './hift/source.ts';
import type { Noise } from './noise.ts';
import type { Preset } from './presets.ts';
import { columns, runGraph, tensor } from './tensors.ts';

/**
 * BigVGAN takes gigabytes for many seconds at once: it is run on so many frames, and on the neighbours at each side that a sample
 * hears. Its convolutions reach 39 frames, of which the outer ones change less than a millionth.
 */
const PIECE_FRAMES = 320;
const MARGIN_FRAMES = 32;

/** From a log-mel [bands, frames] to its sound, [hop · frames], in −1 … 1. */
export type Vocoder = (mel: Float32Array, noise: Noise, report: Report) => Promise<Float32Array>;

export function createVocoder(
  network: InferenceSession | HiftDecoder,
  { vocoder, mel: { bands, hop } }: Preset,
): Vocoder {
  if (network instanceof HiftDecoder) {
    return (mel, noise, report) => network.decode(mel, bands, chanceOf(noise, hop * (mel.length / bands)), report);
  }
  if (vocoder === 'hift') {
    return async (mel, noise, report) => {
      const sound = await runHift(network, mel, bands, hop, noise);
      await report(1);
      return sound;
    };
  }
  return (mel, _, report) => runBigVgan(network, mel, bands, hop, report);
}

async function runHift(
  session: InferenceSession,
  mel: Float32Array,
  bands: number,
  hop: number,
  source: Noise,
): Promise<Float32Array> {
  const frames = mel.length / bands;
  const { phase, noise } = chanceOf(source, hop * frames);
  const feeds = {
    mel: tensor(mel, 1, bands, frames),
    phase: tensor(phase, 1, HARMONICS, 1),
    noise: tensor(noise, 1, HARMONICS, hop * frames),
  };
  return (await runGraph(session, feeds, 'audio')).data;
}

/** What HiFT's source of so many samples draws. */
function chanceOf(noise: Noise, samples: number): Chance {
  const phase = Float32Array.from({ length: HARMONICS }, (_, h) => (h === 0 ? 0 : (2 * noise.uniform() - 1) * Math.PI));
  return { phase, noise: noise.normals(HARMONICS * samples) };
}

async function runBigVgan(
  session: InferenceSession,
  mel: Float32Array,
  bands: number,
  hop: number,
  report: Report,
): Promise<Float32Array> {
  const frames = mel.length / bands;
  const sound = new Float32Array(frames * hop);
  for (let start = 0; start < frames; start += PIECE_FRAMES) {
    const end = Math.min(frames, start + PIECE_FRAMES);
    const from = Math.max(0, start - MARGIN_FRAMES);
    const to = Math.min(frames, end + MARGIN_FRAMES);
    const feeds = { mel: tensor(columns(mel, bands, from, to), 1, bands, to - from) };
    const { data } = await runGraph(session, feeds, 'audio');
    sound.set(data.subarray((start - from) * hop, (end - from) * hop), start * hop);
    await report(end / frames);
  }
  return sound;
}
