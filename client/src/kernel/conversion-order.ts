import type { ConvertSettings } from './api-client.ts';
import type { Recording } from './recording.ts';

/** What a conversion is made of, wherever it runs. */
export interface ConversionOrder {
  readonly source: Recording;
  readonly voice: Recording;
  readonly settings: ConvertSettings;
  /** The server's job that does it already, when a page was loaded anew in the middle. */
  readonly jobId?: string | undefined;
}

/** The steps that a user can tell apart. */
export type ConversionStage = 'preparing' | 'uploading' | 'queued' | 'converting' | 'downloading';

export interface ConversionControl {
  readonly signal: AbortSignal;
  /** A step and the share of it that is done, 0..1; `undefined` where it is not known. */
  onStage(stage: ConversionStage, fraction: number | undefined): void;
  /** Whether news of the server's job come through at the moment. */
  onConnected(connected: boolean): void;
  /** The server has taken it on as this job. */
  onJob?(id: string): void;
}
