import { afterAll, describe, expect, test } from 'bun:test';
import { createBunHost } from '../../server/host.ts';
import { loadCampplusFixture } from '../../tests/support/campplus-fixture.ts';
import { readSample } from '../../tests/support/samples.ts';
import { unpack } from '../../tests/support/signals.ts';
import type { Audio } from '../audio/audio.ts';
import { encodeAudio } from '../audio/encode.ts';
import { UnavailableError } from '../errors.ts';
import { createSpeakerEncoder, meanSpeaker, type SpeakerEmbedding, similarityOf } from './similarity.ts';
import { SpeakerNetwork } from './speaker-network.ts';

const host = await createBunHost();
const encoder = createSpeakerEncoder(host);
afterAll(() => encoder.dispose());

const names = ['1688', '2033', '3080', '3331'];
const voice = (name: string) => readSample(`voices/${name}.flac`);
const part = ({ samples, sampleRate }: Audio, from: number, to: number): Audio => ({
  samples: samples.slice(from * sampleRate, to * sampleRate),
  sampleRate,
});
const silence = (seconds: number, sampleRate: number) => new Float32Array(seconds * sampleRate);
const joined = (sampleRate: number, ...parts: Float32Array[]): Audio => {
  const samples = new Float32Array(parts.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of parts) {
    samples.set(each, at);
    at += each.length;
  }
  return { samples, sampleRate };
};

test('the network gives what PyTorch gives with the original weights: cosine of at least 0.9999', async () => {
  const { speech } = await loadCampplusFixture();
  const network = await SpeakerNetwork.load(host);
  expect(Object.keys(speech)).toHaveLength(4);
  for (const [name, { embedding }] of Object.entries(speech)) {
    const { samples } = await readSample(`voices/${name}`);
    const [ours, theirs] = [await network.embed(samples), unpack(embedding)];
    expect(similarityOf(meanSpeaker([ours]), meanSpeaker([theirs])), name).toBeGreaterThan(0.9999);
  }
  await network.dispose();
});

describe('whose voice it is', () => {
  test('two recordings of one speaker are far more similar than any of two speakers', async () => {
    const halves: [SpeakerEmbedding, SpeakerEmbedding][] = [];
    for (const name of names) {
      const audio = await voice(name);
      halves.push([await encoder.embed(part(audio, 0, 7)), await encoder.embed(part(audio, 7, 14))]);
    }
    const same = halves.map(([a, b]) => similarityOf(a, b));
    const others = halves.flatMap(([a], i) => halves.flatMap(([, b], k) => (i === k ? [] : [similarityOf(a, b)])));
    expect(Math.min(...same)).toBeGreaterThan(Math.max(...others) + 0.1);
  });

  test('pauses, loudness, rate and the file around it make little difference', async () => {
    const audio = part(await voice('3080'), 0, 6);
    const { samples, sampleRate } = audio;
    const plain = await encoder.embed(audio);
    const pausing = joined(
      sampleRate,
      silence(5, sampleRate),
      samples.slice(0, 3 * sampleRate),
      silence(4, sampleRate),
    );
    const quiet = samples.map((value) => value * 0.1);
    const file = await encodeAudio(audio, { format: 'mp3' });
    expect(similarityOf(plain, await encoder.embed({ samples: quiet, sampleRate }))).toBeGreaterThan(0.97);
    expect(similarityOf(plain, await encoder.embed(pausing))).toBeGreaterThan(0.7);
    expect(similarityOf(plain, await encoder.embed(file))).toBeGreaterThan(0.85);
  });

  test('of a long recording only the beginning counts', async () => {
    const [speaker, stranger] = [await voice('3080'), await voice('1688')];
    const { sampleRate, samples } = speaker;
    const long = joined(sampleRate, samples, ...Array.from({ length: 12 }, () => stranger.samples));
    expect(similarityOf(await encoder.embed(long), await encoder.embed(speaker))).toBeGreaterThan(0.98);
  });

  test('cannot be told without speech, nor from less than a second of it', async () => {
    const audio = await voice('2033');
    const { sampleRate } = audio;
    const refusal = (recording: Audio) => encoder.embed(recording).catch((error) => error);
    expect(await refusal({ samples: silence(3, sampleRate), sampleRate })).toMatchObject({
      code: 'reference-no-speech',
    });
    const word = joined(sampleRate, silence(2, sampleRate), part(audio, 1, 1.4).samples, silence(2, sampleRate));
    expect(await refusal(word)).toMatchObject({ code: 'reference-too-short' });
    const aborted = encoder.embed(audio, { signal: AbortSignal.abort() }).catch((error) => error);
    expect(await aborted).toMatchObject({ code: 'cancelled' });
  });
});

test('a network that could not be loaded is tried again', async () => {
  let tries = 0;
  const flaky = createSpeakerEncoder({
    ...host,
    loadModel: (path) => {
      tries++;
      if (tries === 1) return Promise.reject(new UnavailableError('model-missing', { name: path }));
      return host.loadModel(path);
    },
  });
  const audio = part(await voice('1688'), 0, 3);
  await expect(flaky.embed(audio)).rejects.toMatchObject({ code: 'model-missing' });
  expect(await flaky.embed(audio)).toHaveLength(192);
  await flaky.dispose();
});
