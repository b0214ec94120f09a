// From here rather than from 'zod', see ../schemas.ts.
import { z } from '@hono/zod-openapi';
import { seedVcBounds } from '#core/engines/seed-vc/choices.ts';

const within = ({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }) =>
  z.number().min(minimum).max(maximum).optional();
const wholeWithin = ({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }) =>
  z.int().min(minimum).max(maximum).optional();

/** Options of the engines `seed-vc-…` alone, under their official names; the others refuse them. */
export const seedVcFields = {
  diffusionSteps: wholeWithin(seedVcBounds.diffusionSteps).meta({
    description: 'Seed-VC: steps of the diffusion; more are slower and cleaner; 10 when left out',
  }),
  lengthAdjust: within(seedVcBounds.lengthAdjust).meta({
    description: "Seed-VC: length of the result over the source's; 1 when left out",
  }),
  inferenceCfgRate: within(seedVcBounds.inferenceCfgRate).meta({
    description: 'Seed-VC: how much the voice is insisted on; 0 halves the work; 0.7 when left out',
  }),
  guidanceEvery: wholeWithin(seedVcBounds.guidanceEvery).meta({
    description:
      'Seed-VC: at each which step that is computed anew; 2 saves a quarter of the steps’ work and changes the result a little; 1 when left out',
  }),
  f0Condition: z.boolean().optional().meta({
    description: "Seed-VC: whether the result follows the source's melody: true of seed-vc-hifi, false of the others",
  }),
  autoF0Adjust: z.boolean().optional().meta({
    description: "seed-vc-hifi: whether the source's median pitch is moved to the voice's; false when left out",
  }),
  semitoneShift: wholeWithin(seedVcBounds.semitoneShift).meta({
    description: 'seed-vc-hifi: moves the pitch by semitones; 0 when left out',
  }),
};
