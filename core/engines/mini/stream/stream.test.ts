import { beforeAll, describe, expect, test } from 'bun:test';
import { createBunHost } from '../../../../server/host.ts';
import { readSample } from '../../../../tests/support/samples.ts';
import { createMeasure, spectralDistance } from '../../../../tests/support/speech-measures.ts';
import type { Audio } from '../../../audio/audio.ts';
import type { VoiceProfile } from '../../../voice/profile.ts';
import type { StreamOptions, VoiceStream } from '../../engine.ts';
import { createMini } from '../engine.ts';

const host = await createBunHost();
const engine = await createMini(host);
const measure = await createMeasure(host);
const options: StreamOptions = { strength: 1, pitch: 'auto', formant: 0 };
let source: Audio;
let reference: Audio;
let voice: VoiceProfile;

beforeAll(async () => {
  source = await readSample('recordings/vietnamese.flac');
  reference = await readSample('voices/1688.flac');
  voice = await engine.profile([reference]);
});

function open(sampleRate: number, chosen = options): VoiceStream {
  const stream = engine.openStream?.(voice, chosen, sampleRate);
  if (!stream) throw new Error('mini has no stream');
  return stream;
}

/** What comes out of a stream, from the moment on that belongs to the first sample. */
async function through(stream: VoiceStream, samples: Float32Array): Promise<Float32Array> {
  const { blockSamples, latencySamples } = stream;
  const blocks = Math.ceil((samples.length + latencySamples) / blockSamples);
  const out = new Float32Array(blocks * blockSamples);
  for (let i = 0; i < blocks; i++) {
    const block = new Float32Array(blockSamples);
    block.set(samples.subarray(i * blockSamples, (i + 1) * blockSamples));
    out.set(await stream.push(block), i * blockSamples);
  }
  return out.subarray(latencySamples, latencySamples + samples.length);
}

/** How much larger the largest step between two samples is at the edges of blocks than anywhere else. */
function edgeRatio(samples: Float32Array, { blockSamples, latencySamples }: VoiceStream): number {
  let [edge, inside] = [0, 0];
  for (let i = 2; i < samples.length; i++) {
    // The second difference: what a click has, and a tone has little of.
    const bend = Math.abs((samples[i] ?? 0) - 2 * (samples[i - 1] ?? 0) + (samples[i - 2] ?? 0));
    const place = (i + latencySamples) % blockSamples;
    if (place <= 1) edge = Math.max(edge, bend);
    else inside = Math.max(inside, bend);
  }
  return edge / inside;
}

describe('a live conversion', () => {
  test('sounds like the conversion of the whole recording', async () => {
    const stream = open(source.sampleRate);
    const samples = await through(stream, source.samples);
    const whole = await engine.convert(source, voice, { ...options, seed: 0, outputRate: source.sampleRate });
    const [live, offline, asked, spoken] = await Promise.all([
      measure({ samples, sampleRate: source.sampleRate }),
      measure(whole),
      measure(reference),
      measure(source),
    ]);
    expect(Math.abs(12 * Math.log2(live.medianPitch / asked.medianPitch))).toBeLessThan(1);
    expect(spectralDistance(live.spectrum, offline.spectrum)).toBeLessThan(0.25);
    expect(spectralDistance(live.spectrum, asked.spectrum)).toBeLessThan(
      0.6 * spectralDistance(spoken.spectrum, asked.spectrum),
    );
    expect(Math.abs(20 * Math.log10(live.level / spoken.level))).toBeLessThan(4);
    expect(edgeRatio(samples, stream)).toBeLessThan(1);
    stream.close();
  }, 60_000);

  test.each([8000, 16000, 22050, 44100, 48000])(
    'at strength 0 gives the source back after its latency, at %d Hz',
    async (rate) => {
      const stream = open(rate, { ...options, strength: 0 });
      // Two tones, one of them above the engine's own band where the rate has room for it.
      const high = rate > 30000 ? 10000 : 1000;
      const tone = Float32Array.from(
        { length: rate },
        (_, i) => 0.2 * Math.sin((2 * Math.PI * 440 * i) / rate) + 0.1 * Math.sin((2 * Math.PI * high * i) / rate),
      );
      const out = await through(stream, tone);
      let [signal, noise] = [0, 0];
      for (let i = rate / 10; i < rate * 0.9; i++) {
        signal += (tone[i] ?? 0) ** 2;
        noise += ((tone[i] ?? 0) - (out[i] ?? 0)) ** 2;
      }
      expect(10 * Math.log10(signal / noise)).toBeGreaterThan(30);
      expect(stream.latencySamples / rate).toBeLessThan(0.085);
      stream.close();
    },
    60_000,
  );

  test('gives silence for silence, and begins anew after a reset', async () => {
    const stream = open(16000);
    const silence = new Float32Array(16000);
    expect((await through(stream, silence)).every((sample) => Math.abs(sample) < 1e-6)).toBe(true);
    const speech = source.samples.subarray(0, 16000);
    stream.reset();
    const first = await through(stream, speech);
    stream.reset();
    expect(await through(stream, speech)).toEqual(first);
    await expect(stream.push(new Float32Array(5))).rejects.toThrow(RangeError);
    stream.close();
  }, 60_000);
});
