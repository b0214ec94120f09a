import type { GivenSeedVcChoices, SeedVcChoices } from './seed-vc/choices.ts';

/** What of a Seed-VC conversion with the default options does not depend on them, in steps of one branch: hearing the source, and the vocoder. */
const listening = 2.2;
const vocoder = 4;
const usualSteps = 10;
const usual = listening + 2 * usualSteps + vocoder;

type StepChoices = Pick<SeedVcChoices, 'diffusionSteps' | 'inferenceCfgRate' | 'guidanceEvery'>;

/**
 * How much longer a conversion takes than one by the same engine with the default options: 1 for those. An estimate; what is
 * measured with some options tells by it of others.
 */
export function effortOf(engine: string, options: GivenSeedVcChoices): number {
  if (!engine.startsWith('seed-vc-')) return 1;
  const { diffusionSteps = usualSteps, inferenceCfgRate = 0.7, guidanceEvery = 1, lengthAdjust = 1 } = options;
  const evaluations = evaluationsOf({ diffusionSteps, inferenceCfgRate, guidanceEvery });
  return (listening + lengthAdjust * (evaluations + vocoder)) / usual;
}

/** How often the diffusion model is evaluated: once a step, and once more where guidance computes its other branch. */
export function evaluationsOf({ diffusionSteps, inferenceCfgRate, guidanceEvery }: StepChoices): number {
  return diffusionSteps + (inferenceCfgRate > 0 ? Math.ceil(diffusionSteps / guidanceEvery) : 0);
}
