import { InputError } from '../../errors.ts';
import type { ConvertOptions } from '../engine.ts';
import type { SeedVcChoices } from './choices.ts';
import type { Preset } from './presets.ts';

/** The choices for a model, defaults filled in. Throws `InputError('option-invalid')` for what it has no means to do. */
export function seedVcSettings(
  options: Omit<ConvertOptions, 'seed' | 'outputRate'>,
  { id, isPitched }: Preset,
): SeedVcChoices {
  const refuse = (field: string, value: unknown): never => {
    throw new InputError('option-invalid', { field, value: String(value), engine: id });
  };
  const { strength, pitch, formant } = options;
  const { diffusionSteps = 10, lengthAdjust = 1, inferenceCfgRate = 0.7, guidanceEvery = 1 } = options;
  const { f0Condition = isPitched, autoF0Adjust = false, semitoneShift = 0 } = options;
  if (strength !== 0 && strength !== 1) refuse('strength', strength);
  if (pitch !== 'auto') refuse('pitch', pitch);
  if (formant !== 0) refuse('formant', formant);
  if (f0Condition !== isPitched) refuse('f0Condition', f0Condition);
  if (autoF0Adjust && !isPitched) refuse('autoF0Adjust', autoF0Adjust);
  if (semitoneShift !== 0 && !isPitched) refuse('semitoneShift', semitoneShift);
  const ofSinging = { f0Condition, autoF0Adjust, semitoneShift };
  return { diffusionSteps, lengthAdjust, inferenceCfgRate, guidanceEvery, ...ofSinging };
}
