import type { Noise } from './noise.ts';

/** What the estimator is told besides state and time. Tensors are row-major. */
export interface Conditions {
  /** The reference's mel, [bands, promptFrames]. */
  readonly prompt: Float32Array;
  /** Speaker embedding. */
  readonly style: Float32Array;
  /** Conditioning of prompt and chunk, [promptFrames + frames, conditionWidth]. */
  readonly condition: Float32Array;
}

/** One evaluation's input. */
export interface EstimatorInput extends Conditions {
  /** What comes after the prompt, [bands, frames]. */
  readonly state: Float32Array;
  /** 0 … 1. */
  readonly time: number;
}

/** The diffusion model: velocity of the state, [bands, frames], for each of one or two inputs of the same time and shape. */
export type Estimator = (inputs: readonly EstimatorInput[]) => Promise<readonly Float32Array[]>;

export interface SamplerOptions {
  readonly bands: number;
  /** Euler steps. */
  readonly steps: number;
  /** Weight of classifier-free guidance; 0: none, and the unconditional branch is not computed. */
  readonly guidance: number;
  /** What guidance adds is computed anew at every so-many-th step, and kept for those between. */
  readonly guidanceEvery: number;
  readonly noise: Noise;
  /** Called after each step with the number of steps that are done; what it throws ends the sampling. */
  readonly onStep: (done: number) => Promise<void>;
}

/**
 * Draws a log-mel of what comes after the prompt: [bands, frames]. Conditional flow matching, integrated from noise to
 * mel by Euler's method on a uniform grid. With guidance w, velocity v and that of nothing asked for u, each step goes along v + w·(v − u). The last term
 * changes slowly from step to step, so it can be kept for some (Lv et al., "FasterCache", 2024, reuse it in a like way).
 */
export async function sampleMel(
  estimate: Estimator,
  conditional: Conditions,
  frames: number,
  { bands, steps, guidance, guidanceEvery, noise, onStep }: SamplerOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const state = noise.normals(bands * frames);
  const unconditional = {
    prompt: new Float32Array(conditional.prompt.length),
    style: new Float32Array(conditional.style.length),
    condition: new Float32Array(conditional.condition.length),
  };
  let added = new Float32Array(0);
  for (let step = 0; step < steps; step++) {
    const time = step / steps;
    const isGuidedAnew = guidance !== 0 && step % guidanceEvery === 0;
    const branches = isGuidedAnew ? [conditional, unconditional] : [conditional];
    const [velocity, other] = await estimate(branches.map((branch) => ({ ...branch, state, time })));
    if (!velocity) throw new Error('the estimator gave no velocity');
    if (other) added = velocity.map((value, i) => guidance * (value - (other[i] as number)));
    advance(state, velocity, added, 1 / steps);
    await onStep(step + 1);
  }
  return state;
}

/** x ← x + dt·(v + what guidance adds, if anything). */
function advance(state: Float32Array, velocity: Float32Array, added: Float32Array, duration: number): void {
  for (let i = 0; i < state.length; i++) {
    state[i] = (state[i] as number) + duration * ((velocity[i] as number) + (added[i] ?? 0));
  }
}
