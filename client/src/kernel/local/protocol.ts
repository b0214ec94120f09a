import type { ErrorCode, ErrorDetails } from '#core/errors.ts';
import type { VoiceQuality } from '#core/voice/quality.ts';
import type { ConvertSettings } from '../api-client.ts';
import type { Spectrogram } from '../spectrogram.ts';

/** Names of the workers, by which each knows what it is for. */
export const smallWorkerName = 'giong-local';
export const largeWorkerName = 'giong-local-large';

/** One conversion: files in, one file out. */
export interface LocalConversion {
  readonly source: ArrayBuffer;
  /** A recording of the voice, or a voice as `serializeVoice` writes it. */
  readonly reference: ArrayBuffer;
  readonly settings: ConvertSettings;
}

/** A converted file that shall have another format. */
export interface LocalEncoding {
  readonly file: ArrayBuffer;
  readonly format: NonNullable<ConvertSettings['format']>;
  /** The engine that converted it: the file tells. */
  readonly engine: string;
}

/** A recording whose voice is compared with another's. */
export interface LocalComparison {
  readonly result: ArrayBuffer;
  /** Recordings of the other voice, or that voice as `serializeVoice` writes it. */
  readonly references: readonly ArrayBuffer[];
}

export interface LocalSimilarity {
  /** −1..1: 1 is the very same voice, about 0 two strangers; null when the references tell nothing of the speaker. */
  readonly similarity: number | null;
}

/** Recordings of one person, and the engines that shall serve the voice made of them. */
export interface LocalReferences {
  readonly references: readonly ArrayBuffer[];
  readonly engines: readonly string[];
}

/** A voice made of recordings. */
export interface LocalVoice {
  /** As `serializeVoice` writes it: a portable file. */
  readonly profile: Uint8Array<ArrayBuffer>;
  readonly quality: VoiceQuality;
}

/** What a portable voice file says of itself. */
export interface LocalVoiceFacts {
  readonly speechSeconds: number;
  /** The engines that it serves. */
  readonly engines: readonly string[];
}

export interface LocalResult {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
}

/** What the page asks of the worker. Each request has an id, which its replies and its cancellation repeat. */
export type LocalRequest =
  | { readonly id: number; readonly type: 'convert'; readonly conversion: LocalConversion }
  | { readonly id: number; readonly type: 'decode'; readonly file: ArrayBuffer }
  | { readonly id: number; readonly type: 'encode'; readonly encoding: LocalEncoding }
  | { readonly id: number; readonly type: 'spectrogram'; readonly file: ArrayBuffer }
  | { readonly id: number; readonly type: 'similarity'; readonly comparison: LocalComparison }
  | { readonly id: number; readonly type: 'voice-quality'; readonly references: readonly ArrayBuffer[] }
  | { readonly id: number; readonly type: 'check-voice'; readonly profile: ArrayBuffer }
  | { readonly id: number; readonly type: 'describe-voice'; readonly recordings: LocalReferences }
  | { readonly id: number; readonly type: 'cancel' };

/** What comes of a request, by its type. */
export type LocalOutcome = LocalResult | Spectrogram | LocalSimilarity | LocalVoice | VoiceQuality | LocalVoiceFacts;

/** What the worker answers: any number of `progress`, then one of the others. */
export type LocalReply =
  | { readonly id: number; readonly type: 'progress'; readonly fraction: number }
  | { readonly id: number; readonly type: 'done'; readonly result: LocalOutcome }
  | { readonly id: number; readonly type: 'failed'; readonly failure: LocalFailure };

/** An error in a form that survives the way between threads. */
export interface LocalFailure {
  /** Which class it had: `input` is the user's to mend, `unavailable` the device's, `cancelled` was asked for. */
  readonly kind: 'input' | 'unavailable' | 'cancelled' | 'other';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly message: string;
}
