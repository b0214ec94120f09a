import type { VoiceQuality } from '#core/voice/quality.ts';

/** Where a voice is kept. */
export type VoicePlace = 'server' | 'device';

/** A saved voice as the lists show it. */
export interface VoiceItem {
  readonly id: string;
  readonly name: string;
  readonly place: VoicePlace;
  /** Null for an imported voice. */
  readonly quality: VoiceQuality | null;
  readonly speechSeconds: number | null;
  /** The engines that it serves, where that is known. */
  readonly engines?: readonly string[] | undefined;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The portable file, of a voice on this device. */
  readonly profile?: Blob;
  /** What it was made of, of a voice on this device. */
  readonly samples?: readonly Blob[] | undefined;
}
