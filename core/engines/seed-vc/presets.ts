/** How a mel spectrogram is made, in the convention of HiFi-GAN. */
export interface MelConvention {
  /** Hz. */
  readonly sampleRate: number;
  /** Samples of a frame and of its window. */
  readonly fftSize: number;
  readonly hop: number;
  readonly bands: number;
  /** Hz; undefined: half the sampling rate. */
  readonly highHz: number | undefined;
}

/** What distinguishes one official model from another. */
export interface Preset {
  readonly id: string;
  readonly mel: MelConvention;
  /** Which network hears the words. */
  readonly content: 'xlsr' | 'whisper';
  readonly vocoder: 'hift' | 'bigvgan';
  /** Whether the model is told the pitch: it can sing then. */
  readonly isPitched: boolean;
}

const at22Khz = { sampleRate: 22050, fftSize: 1024, hop: 256, bands: 80 } as const;

/** The three official models. */
export const presets = {
  'seed-vc-fast': {
    id: 'seed-vc-fast',
    mel: { ...at22Khz, highHz: 8000 },
    content: 'xlsr',
    vocoder: 'hift',
    isPitched: false,
  },
  'seed-vc-base': {
    id: 'seed-vc-base',
    mel: { ...at22Khz, highHz: undefined },
    content: 'whisper',
    vocoder: 'bigvgan',
    isPitched: false,
  },
  'seed-vc-hifi': {
    id: 'seed-vc-hifi',
    mel: { sampleRate: 44100, fftSize: 2048, hop: 512, bands: 128, highHz: undefined },
    content: 'whisper',
    vocoder: 'bigvgan',
    isPitched: true,
  },
} as const satisfies Record<string, Preset>;

export type PresetId = keyof typeof presets;

/** Rate of what content encoder, speaker encoder and pitch network hear, Hz. */
export const LISTENING_RATE = 16000;
/** Content frames a second. */
export const CONTENT_RATE = 50;
/** A reference is heard up to here. */
export const MOST_REFERENCE_SECONDS = 25;
/** Values of a speaker embedding. */
export const STYLE_WIDTH = 192;
