import { describe, expect, test } from 'bun:test';
import { createNoise } from './noise.ts';
import { type Estimator, type EstimatorInput, sampleMel } from './sampler.ts';

const conditions = {
  prompt: Float32Array.of(1, 2, 3, 4),
  style: Float32Array.of(5),
  condition: Float32Array.of(1, 1, 1, 1, 1),
};
/** Behind the prompt's two. */
const frames = 3;
const options = { bands: 2, steps: 4, guidance: 0.5, guidanceEvery: 1, onStep: async () => {} };
const constant =
  (conditional: number, unconditional: number, seen: (readonly EstimatorInput[])[] = []): Estimator =>
  async (inputs) => {
    seen.push(inputs.map((input) => ({ ...input, state: input.state.slice() })));
    return inputs.map(({ style, state }) => state.map(() => (style[0] === 0 ? unconditional : conditional)));
  };

describe('sampling a mel', () => {
  test('goes from noise along the guided velocity, and gives what follows the prompt', async () => {
    const noise = createNoise(1).normals(6);
    const mel = await sampleMel(constant(3, 1), conditions, frames, { ...options, noise: createNoise(1) });
    // 1.5 · 3 − 0.5 · 1 over a time of 1.
    expect(mel.length).toBe(6);
    for (const [i, value] of mel.entries()) expect(value).toBeCloseTo((noise[i] ?? 0) + 4, 5);
  });

  test('shows the estimator the prompt, or nothing, and the time of each step', async () => {
    const seen: (readonly EstimatorInput[])[] = [];
    await sampleMel(constant(3, 1, seen), conditions, frames, { ...options, noise: createNoise(1) });
    expect(seen.map(([input]) => input?.time)).toEqual([0, 0.25, 0.5, 0.75]);
    for (const [conditional, unconditional] of seen) {
      expect(conditional).toMatchObject(conditions);
      expect(unconditional?.state).toEqual(conditional?.state as Float32Array);
      for (const field of ['prompt', 'style', 'condition'] as const) {
        expect(unconditional?.[field]).toEqual(new Float32Array(conditions[field].length));
      }
    }
  });

  test('does without the unconditional branch where there is no guidance', async () => {
    const seen: (readonly EstimatorInput[])[] = [];
    const noise = createNoise(1);
    await sampleMel(constant(3, 1, seen), conditions, frames, { ...options, guidance: 0, noise });
    expect(seen.map((inputs) => inputs.length)).toEqual([1, 1, 1, 1]);
  });

  test('keeps what guidance adds for as many steps as it is told to', async () => {
    const seen: (readonly EstimatorInput[])[] = [];
    const noise = createNoise(1);
    // The velocities are 10 and 2 times the time later: only what is added at steps 0 and 2 counts.
    const growing: Estimator = async (inputs) => {
      seen.push(inputs);
      return inputs.map(({ style, state, time }) => state.map(() => (style[0] === 0 ? 2 : 10) * time));
    };
    const mel = await sampleMel(growing, conditions, frames, { ...options, guidanceEvery: 2, noise });
    expect(seen.map((inputs) => inputs.length)).toEqual([2, 1, 2, 1]);
    const velocities = [0, 2.5, 5 + 0.5 * 4, 7.5 + 0.5 * 4];
    const travelled = velocities.reduce((sum, velocity) => sum + velocity / 4, 0);
    const start = createNoise(1).normals(6);
    expect(mel[0]).toBeCloseTo((start[0] ?? 0) + travelled, 5);
  });

  test('tells of every step, and stops after the one in which it is told to', async () => {
    const steps: number[] = [];
    const seen: (readonly EstimatorInput[])[] = [];
    const onStep = async (done: number) => {
      steps.push(done);
      if (done === 2) throw new Error('stop');
    };
    const sampling = sampleMel(constant(3, 1, seen), conditions, frames, { ...options, noise: createNoise(1), onStep });
    await expect(sampling).rejects.toThrow('stop');
    expect(steps).toEqual([1, 2]);
    expect(seen.length).toBe(2);
  });
});

describe('noise', () => {
  test('is decided by its seed', () => {
    const values = createNoise(42).normals(1000);
    expect(createNoise(42).normals(1000)).toEqual(values);
    expect(createNoise(43).normals(1000)).not.toEqual(values);
  });

  test('is standard normal and uncorrelated', () => {
    const values = createNoise(7).normals(200_001);
    const mean = (of: (value: number, i: number) => number) =>
      values.reduce((sum, value, i) => sum + of(value, i), 0) / values.length;
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Math.abs(mean((value) => value))).toBeLessThan(0.01);
    expect(mean((value) => value ** 2)).toBeCloseTo(1, 1.7);
    expect(mean((value) => value ** 4)).toBeCloseTo(3, 0.7);
    expect(Math.abs(mean((value, i) => value * (values[i + 1] ?? 0)))).toBeLessThan(0.01);
  });

  test('is uniform between 0 and 1', () => {
    const { uniform } = createNoise(0);
    const values = Array.from({ length: 10_000 }, uniform);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    for (let decile = 0; decile < 10; decile++) {
      const share = values.filter((value) => Math.floor(value * 10) === decile).length / values.length;
      expect(Math.abs(share - 0.1)).toBeLessThan(0.02);
    }
  });
});
