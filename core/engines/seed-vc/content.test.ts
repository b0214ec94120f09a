import { expect, test } from 'bun:test';
import { createInferenceRuntime } from '../../../server/inference.ts';
import { narrowGraph } from '../../../tests/support/seed-vc-fixture.ts';
import { relativeError } from '../../../tests/support/signals.ts';
import { ContentEncoder, Xlsr } from './content.ts';
import { standardised } from './front-ends/xlsr.ts';
import { createNoise } from './noise.ts';
import { runGraph, tensor } from './tensors.ts';

const runtime = await createInferenceRuntime('wasm', 1);
const open = async (component: string) => runtime.createSession(await narrowGraph('fast', component));
const [features, encoder] = [await open('features'), await open('encoder')];
const content = new ContentEncoder(new Xlsr(features, encoder));

test('XLS-R hears in pieces what it hears of the whole, wherever a recording ends', async () => {
  for (const samples of [400, 719, 720, 32_079, 32_080, 32_400, 70_001]) {
    const recording = createNoise(4).normals(samples);
    const heard = await content.encode(recording, async () => {});
    const whole = await runGraph(features, { samples: tensor(standardised(recording), 1, samples) }, 'features');
    const { dims, data } = await runGraph(encoder, { features: whole }, 'content');
    expect(heard.dims).toEqual(dims.slice(1));
    expect(heard.dims[0]).toBe(Math.floor((samples - 80) / 320));
    expect(relativeError(heard.data, data)).toBeLessThan(1e-5);
  }
});

test('a recording shorter than a frame is one frame', async () => {
  for (const samples of [0, 1, 399]) {
    const { dims, data } = await content.encode(createNoise(4).normals(samples), async () => {});
    expect(dims[0]).toBe(1);
    expect(data.every(Number.isFinite)).toBe(true);
  }
});
