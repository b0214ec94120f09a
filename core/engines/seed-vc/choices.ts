/** What only the Seed-VC models can be asked for, under the official names. */
export interface SeedVcChoices {
  /** Steps from noise to mel: more are slower and cleaner. Default 10. */
  readonly diffusionSteps: number;
  /** Length of the result over that of the source. Default 1. */
  readonly lengthAdjust: number;
  /** How much the voice is insisted on; 0 halves the work. Default 0.7. */
  readonly inferenceCfgRate: number;
  /** At each which step what insists on the voice is computed anew; at the others it is kept, which saves half of them. Default 1; not upstream's. */
  readonly guidanceEvery: number;
  /** Whether the result follows the source's melody: true of `seed-vc-hifi`, false of the others. */
  readonly f0Condition: boolean;
  /** Whether the source's median pitch is moved to the voice's. Only where the result follows the melody; default false. */
  readonly autoF0Adjust: boolean;
  /** The pitch is moved by so many semitones. Only where the result follows the melody; default 0. */
  readonly semitoneShift: number;
}

/** Bounds of the numbers, both ends included. */
export const seedVcBounds = {
  diffusionSteps: { minimum: 1, maximum: 100 },
  lengthAdjust: { minimum: 0.5, maximum: 2 },
  inferenceCfgRate: { minimum: 0, maximum: 1 },
  guidanceEvery: { minimum: 1, maximum: 4 },
  semitoneShift: { minimum: -24, maximum: 24 },
} as const;

/** The same as a user gives them: each may be left out. */
export type GivenSeedVcChoices = { readonly [Field in keyof SeedVcChoices]?: SeedVcChoices[Field] | undefined };

export const seedVcFields = [
  'diffusionSteps',
  'lengthAdjust',
  'inferenceCfgRate',
  'guidanceEvery',
  'f0Condition',
  'autoF0Adjust',
  'semitoneShift',
] as const satisfies readonly (keyof SeedVcChoices)[];
