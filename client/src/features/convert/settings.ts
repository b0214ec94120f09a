import { defaultConversionOptions } from '#core/options.ts';
import type { ConvertSettings } from '../../kernel/api-client.ts';

/** The choices of the options panel, all set. */
export interface Settings {
  readonly strength: number;
  readonly pitch: 'auto' | 'keep' | number;
  readonly formant: number;
  readonly noiseReduction: number;
  readonly format: NonNullable<ConvertSettings['format']>;
}

export const defaultSettings: Settings = {
  strength: defaultConversionOptions.strength,
  pitch: defaultConversionOptions.pitch,
  formant: defaultConversionOptions.formant,
  noiseReduction: defaultConversionOptions.denoise,
  format: 'wav',
};

/** How many choices differ from the defaults. */
export function changedCount(settings: Settings): number {
  const keys = Object.keys(defaultSettings) as (keyof Settings)[];
  return keys.filter((key) => settings[key] !== defaultSettings[key]).length;
}

/** File formats that the result can have. */
export const outputFormats: readonly Settings['format'][] = ['wav', 'flac', 'mp3'];

/** Choices as an earlier conversion had them; what it left open is at its default. */
export function settingsOf(earlier: ConvertSettings): Settings {
  return {
    strength: earlier.strength ?? defaultSettings.strength,
    pitch: earlier.pitch ?? defaultSettings.pitch,
    formant: earlier.formant ?? defaultSettings.formant,
    noiseReduction: earlier.noiseReduction ?? defaultSettings.noiseReduction,
    format: earlier.format ?? defaultSettings.format,
  };
}
