import type { InferenceSession } from '../../inference/runtime.ts';
import type { Estimator, EstimatorInput } from './sampler.ts';
import { joined, runGraph, tensor } from './tensors.ts';

/**
 * The estimator's graph as a function. `batched`: both branches of the guidance in one run, which WebAssembly does a little faster;
 * apart they take half the memory, and native code no longer.
 */
export function createEstimator(session: InferenceSession, bands: number, batched: boolean): Estimator {
  return async (inputs) => {
    if (batched) return estimate(session, inputs, bands);
    const velocities: Float32Array[] = [];
    for (const input of inputs) velocities.push(...(await estimate(session, [input], bands)));
    return velocities;
  };
}

async function estimate(
  session: InferenceSession,
  inputs: readonly EstimatorInput[],
  bands: number,
): Promise<Float32Array[]> {
  const [first] = inputs;
  if (!first) return [];
  const batch = inputs.length;
  const frames = first.state.length / bands;
  const stacked = (of: (input: EstimatorInput) => Float32Array) => joined(inputs.map(of));
  const { data } = await runGraph(
    session,
    {
      x: tensor(
        stacked((input) => input.state),
        batch,
        bands,
        frames,
      ),
      prompt: tensor(
        stacked((input) => input.prompt),
        batch,
        bands,
        frames,
      ),
      time: tensor(
        Float32Array.from(inputs, (input) => input.time),
        batch,
      ),
      style: tensor(
        stacked((input) => input.style),
        batch,
        first.style.length,
      ),
      condition: tensor(
        stacked((input) => input.condition),
        batch,
        frames,
        first.condition.length / frames,
      ),
    },
    'velocity',
  );
  const size = bands * frames;
  return inputs.map((_, i) => data.subarray(i * size, (i + 1) * size));
}
