import { InputError } from '../errors.ts';
import type { ConvertOptions } from './engine.ts';
import { seedVcFields } from './seed-vc/choices.ts';
import { presets } from './seed-vc/presets.ts';
import { seedVcSettings } from './seed-vc/settings.ts';

/**
 * Refuses options that the engine has no means to follow, rather than doing something else in silence.
 * Throws `InputError('option-invalid', { field, engine })`.
 */
export function checkEngineOptions(engine: string, options: Omit<ConvertOptions, 'seed' | 'outputRate'>): void {
  const preset = Object.values(presets).find(({ id }) => id === engine);
  if (preset) {
    seedVcSettings(options, preset);
    return;
  }
  for (const field of seedVcFields) {
    const value = options[field];
    if (value !== undefined) throw new InputError('option-invalid', { field, value: String(value), engine });
  }
}
