import { defaultConversionOptions } from '#core/options.ts';
import type { ConvertSettings } from '../../kernel/api-client.ts';

/** The choices of the options panel, all set; which of them count, the engine decides. */
export interface Settings {
  readonly engine: string;
  readonly strength: number;
  readonly pitch: 'auto' | 'keep' | number;
  readonly formant: number;
  readonly noiseReduction: number;
  readonly format: NonNullable<ConvertSettings['format']>;
  readonly diffusionSteps: number;
  readonly lengthAdjust: number;
  readonly inferenceCfgRate: number;
  readonly guidanceEvery: number;
  readonly autoF0Adjust: boolean;
  readonly semitoneShift: number;
  readonly seed: number;
}

export const defaultSettings: Settings = {
  engine: 'mini',
  strength: defaultConversionOptions.strength,
  pitch: defaultConversionOptions.pitch,
  formant: defaultConversionOptions.formant,
  noiseReduction: defaultConversionOptions.denoise,
  format: 'wav',
  diffusionSteps: 10,
  lengthAdjust: 1,
  inferenceCfgRate: 0.7,
  guidanceEvery: 1,
  autoF0Adjust: false,
  semitoneShift: 0,
  seed: 0,
};

type Field = Exclude<keyof Settings, 'engine'>;

const ofAll = ['noiseReduction', 'format'] as const satisfies readonly Field[];
const ofMini = [...ofAll, 'strength', 'pitch', 'formant'] as const satisfies readonly Field[];
const ofSeedVc = [
  ...ofAll,
  'diffusionSteps',
  'lengthAdjust',
  'inferenceCfgRate',
  'guidanceEvery',
  'seed',
] as const satisfies readonly Field[];
const ofSinging = [...ofSeedVc, 'autoF0Adjust', 'semitoneShift'] as const satisfies readonly Field[];

/** The choices that an engine knows. */
export function fieldsOf(engine: string): readonly Field[] {
  if (engine === 'mini') return ofMini;
  return engine === 'seed-vc-hifi' ? ofSinging : ofSeedVc;
}

/** What a conversion is asked for: the engine, and those choices that it knows. */
export function settingsFor(settings: Settings): ConvertSettings & Pick<Settings, 'engine' | 'format'> {
  const { engine, format } = settings;
  return { engine, format, ...Object.fromEntries(fieldsOf(engine).map((field) => [field, settings[field]])) };
}

/** How many choices differ from the defaults, among those that the engine knows. */
export function changedCount(settings: Settings): number {
  const fields = ['engine', ...fieldsOf(settings.engine)] as const;
  return fields.filter((field) => settings[field] !== defaultSettings[field]).length;
}

/** File formats that the result can have. */
export const outputFormats: readonly Settings['format'][] = ['wav', 'flac', 'mp3'];

/** Choices as an earlier conversion had them; what it left open is at its default. */
export function settingsOf(earlier: ConvertSettings): Settings {
  const given = Object.entries(earlier).filter(([field, value]) => value !== undefined && field in defaultSettings);
  return { ...defaultSettings, ...Object.fromEntries(given) };
}
