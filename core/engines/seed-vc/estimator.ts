import type { InferenceSession } from '../../inference/runtime.ts';
import type { Estimator, EstimatorInput } from './sampler.ts';
import { runGraph, tensor } from './tensors.ts';

/** The estimator's graph as a function. Branches of the guidance run one after another: in one run they take more memory and no less time. */
export function createEstimator(session: InferenceSession, bands: number): Estimator {
  return async (inputs) => {
    const velocities: Float32Array[] = [];
    for (const input of inputs) velocities.push(await estimate(session, input, bands));
    return velocities;
  };
}

async function estimate(
  session: InferenceSession,
  { state, prompt, time, style, condition }: EstimatorInput,
  bands: number,
): Promise<Float32Array> {
  const frames = (prompt.length + state.length) / bands;
  const { data } = await runGraph(
    session,
    {
      x: tensor(state, 1, bands, state.length / bands),
      prompt: tensor(prompt, 1, bands, prompt.length / bands),
      time: tensor(Float32Array.of(time), 1),
      style: tensor(style, 1, style.length),
      condition: tensor(condition, 1, frames, condition.length / frames),
    },
    'velocity',
  );
  return data;
}
