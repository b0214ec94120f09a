import type { StreamOptions } from '#core/engines/engine.ts';
import type { LocalFailure } from '../local/protocol.ts';
import type { RingMemory } from './ring.ts';

/** What the user may change while it goes on. */
export interface LiveSettings extends StreamOptions {
  /** 0: only the microphone (as late as the voice would be), 1: only the voice. */
  readonly wet: number;
}

/** What the page tells the thread that converts. */
export type LiveRequest =
  | {
      readonly type: 'open';
      readonly reference: ArrayBuffer;
      readonly settings: LiveSettings;
      readonly sampleRate: number;
      /** Blocks of the microphone come here, and those of the result go back unless they go into `ring`. */
      readonly audio: MessagePort;
      readonly ring: RingMemory | undefined;
    }
  | { readonly type: 'voice'; readonly reference: ArrayBuffer }
  | { readonly type: 'configure'; readonly settings: LiveSettings }
  | { readonly type: 'record' }
  | { readonly type: 'take-recording' };

/** How the last few blocks went. */
export interface Pace {
  /** What each took, milliseconds. */
  readonly milliseconds: readonly number[];
  /** How many more were left out, as too many waited. */
  readonly leftOut: number;
}

/** What that thread answers. */
export type LiveReply =
  | { readonly type: 'ready'; readonly blockSamples: number; readonly latencySamples: number }
  | ({ readonly type: 'pace' } & Pace)
  | { readonly type: 'recording'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'failed'; readonly failure: LocalFailure };

export interface WorkletOptions {
  readonly blockSamples: number;
  readonly latencySamples: number;
  readonly ring: RingMemory;
}

/** What the audio thread tells ten times a second. */
export interface Meter {
  /** Largest absolute values since the last time, 0..1. */
  readonly inputPeak: number;
  readonly outputPeak: number;
  /** Seconds from what the microphone gave to the same sound given to the loudspeaker; 0 before any was played. */
  readonly throughSeconds: number;
  /** Seconds in the buffer before the loudspeaker. */
  readonly bufferSeconds: number;
  /** Times that there was nothing to play. */
  readonly dropOuts: number;
}
