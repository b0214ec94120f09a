import { type ConvertOptions, defaultOptions } from './engines/engine.ts';
import { seedVcBounds } from './engines/seed-vc/choices.ts';
import { InputError } from './errors.ts';

/** All that a user can choose for one conversion. */
export interface ConversionOptions extends Omit<ConvertOptions, 'outputRate'> {
  /** Rate of the result in Hz; undefined: the source's own, within 16000..48000. */
  readonly outputRate: number | undefined;
  /** How much of the source's noise is taken away: 0 none, 1 all that can be. */
  readonly denoise: number;
}

export const defaultConversionOptions: ConversionOptions = {
  ...defaultOptions,
  outputRate: undefined,
  denoise: 0,
  diffusionSteps: undefined,
  lengthAdjust: undefined,
  inferenceCfgRate: undefined,
  guidanceEvery: undefined,
  f0Condition: undefined,
  autoF0Adjust: undefined,
  semitoneShift: undefined,
};

/** Bounds of the numeric options, both ends included; the page's sliders and the API's schema take them from here. */
export const optionBounds = {
  strength: { minimum: 0, maximum: 1 },
  pitchSemitones: { minimum: -24, maximum: 24 },
  formant: { minimum: -12, maximum: 12 },
  seed: { minimum: 0, maximum: 2 ** 32 - 1 },
  outputRate: { minimum: 16000, maximum: 48000 },
  denoise: { minimum: 0, maximum: 1 },
  ...seedVcBounds,
} as const;

/**
 * Checks options that come from outside (JSON, a command line, a form) and fills in the defaults.
 * Throws `InputError('option-invalid', { field, … })` for a value out of bounds and for a field that does not exist.
 */
export function parseOptions(value: unknown): ConversionOptions {
  if (value === undefined || value === null) return defaultConversionOptions;
  if (typeof value !== 'object' || Array.isArray(value)) throw new InputError('option-invalid', { field: 'options' });
  const given: Partial<Record<keyof ConversionOptions, unknown>> = { ...value };
  for (const field of Object.keys(given)) {
    if (!Object.hasOwn(defaultConversionOptions, field)) throw new InputError('option-invalid', { field });
  }
  const defaults = defaultConversionOptions;
  return {
    strength: numberIn('strength', given.strength, optionBounds.strength) ?? defaults.strength,
    pitch: pitchOf(given.pitch) ?? defaults.pitch,
    formant: numberIn('formant', given.formant, optionBounds.formant) ?? defaults.formant,
    seed: integerIn('seed', given.seed, optionBounds.seed) ?? defaults.seed,
    outputRate: integerIn('outputRate', given.outputRate, optionBounds.outputRate),
    denoise: numberIn('denoise', given.denoise, optionBounds.denoise) ?? defaults.denoise,
    diffusionSteps: integerIn('diffusionSteps', given.diffusionSteps, optionBounds.diffusionSteps),
    lengthAdjust: numberIn('lengthAdjust', given.lengthAdjust, optionBounds.lengthAdjust),
    inferenceCfgRate: numberIn('inferenceCfgRate', given.inferenceCfgRate, optionBounds.inferenceCfgRate),
    guidanceEvery: integerIn('guidanceEvery', given.guidanceEvery, optionBounds.guidanceEvery),
    f0Condition: flagOf('f0Condition', given.f0Condition),
    autoF0Adjust: flagOf('autoF0Adjust', given.autoF0Adjust),
    semitoneShift: integerIn('semitoneShift', given.semitoneShift, optionBounds.semitoneShift),
  };
}

interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
}

function numberIn(field: string, value: unknown, { minimum, maximum }: Bounds): number | undefined {
  if (value === undefined || value === null) return undefined;
  // A comparison with NaN is false, so NaN is refused too.
  if (typeof value === 'number' && value >= minimum && value <= maximum) return value;
  throw new InputError('option-invalid', { field, value: String(value), minimum, maximum });
}

function integerIn(field: string, value: unknown, bounds: Bounds): number | undefined {
  const number = numberIn(field, value, bounds);
  if (number !== undefined && !Number.isInteger(number)) {
    throw new InputError('option-invalid', { field, value: String(value), ...bounds });
  }
  return number;
}

function flagOf(field: string, value: unknown): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw new InputError('option-invalid', { field, value: String(value) });
}

function pitchOf(value: unknown): ConvertOptions['pitch'] | undefined {
  if (value === 'auto' || value === 'keep') return value;
  return numberIn('pitch', value, optionBounds.pitchSemitones);
}
