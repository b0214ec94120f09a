import type { ConversionOptions } from '#core/options.ts';
import type { VoiceReport } from '#core/voice/quality.ts';
import type { FileStoreSettings } from '../files/open.ts';
import type { StoredFile } from '../files/store.ts';
import type { outputFormats } from '../http/schemas.ts';

/** A recording that a worker can open by itself. */
export type AudioFile =
  | { readonly kind: 'upload'; readonly key: string; readonly sha256: string }
  | { readonly kind: 'sample'; readonly id: string };

/** A voice that a worker can open by itself: a stored profile, or a recording of it. */
export type VoiceFile = AudioFile | { readonly kind: 'profile'; readonly key: string; readonly sha256: string };

/** What a worker needs to open and store files. */
export interface WorkerSetup {
  readonly storage: FileStoreSettings;
  /** Where downloaded models lie. */
  readonly dataFolder: string;
  readonly maxAudioSeconds: number;
  /** How many bytes of voices each worker keeps at hand. */
  readonly voiceCacheBytes: number;
  /** How many bytes of models each worker keeps loaded between jobs. */
  readonly modelCacheBytes: number;
}

export interface ProbeResult {
  readonly format: string;
  readonly seconds: number;
}

/** A conversion, all in terms that cross a thread. */
export interface ConvertTask {
  readonly jobId: string;
  readonly source: AudioFile;
  readonly voice: VoiceFile;
  readonly engine: string;
  readonly options: ConversionOptions;
  readonly format: (typeof outputFormats)[number];
  /** Where the result is stored. */
  readonly resultKey: string;
  /** Whether the result is compared with the voice. */
  readonly similarity?: boolean;
}

export interface ConvertTaskResult {
  readonly bytes: number;
  readonly seconds: number;
  readonly sampleRate: number;
  /** Of the result and the voice; null when it was not asked for or cannot be told. */
  readonly similarity?: number | null;
  /** Whether the worker had the voice at hand. */
  readonly voiceWasCached: boolean;
}

/** Recordings of one speaker, to be described. */
export interface DescribeTask {
  readonly references: readonly AudioFile[];
  /** The engines that shall serve the voice. */
  readonly engines: readonly string[];
  /** Where the profile is stored. */
  readonly voiceKey: string;
  /** How similar each recording must at least be to the others; not looked at when left out. */
  readonly similarityThreshold?: number | undefined;
}

/** What a stored profile holds. */
export interface ProfileSummary {
  readonly engines: readonly string[];
  /** Seconds of speech that it was made from. */
  readonly speechSeconds: number;
}

export interface DescribeTaskResult extends ProfileSummary {
  readonly stored: StoredFile;
  readonly quality: VoiceReport;
}
