import { GiongError } from '#core/errors.ts';
import type { Job } from '#server/http/api-types.ts';
import type { HistoryApi } from '../../kernel/history-api.ts';
import type { Recording } from '../../kernel/recording.ts';
import type { DeviceData } from '../../kernel/stored/device-data.ts';
import { fromStored, sampleRecordingOf } from '../../kernel/stored/stored-recording.ts';
import type { ConvertModel } from '../convert/convert-model.ts';
import { settingsOf } from '../convert/settings.ts';
import type { HistoryItem } from './history-items.ts';

/** The recording that was converted is no longer there. */
export class SourceGoneError extends Error {
  constructor(options?: { cause?: unknown }) {
    super('source-gone', options);
    this.name = 'SourceGoneError';
  }
}

interface Origin {
  readonly source: Recording | undefined;
  /** Undefined when it is no recording of one's own and no sample. */
  readonly voice: Recording | undefined;
}

/** Puts what an earlier conversion was made of into the screen "convert". Throws `SourceGoneError`. */
export async function convertAgain(
  { origin }: HistoryItem,
  convert: ConvertModel,
  { history, device }: { readonly history: HistoryApi; readonly device: DeviceData },
): Promise<void> {
  const { source, voice } = origin.kind === 'job' ? await ofJob(origin.job, history) : await ofDevice(origin, device);
  if (!source) throw new SourceGoneError();
  convert.chooseSource(source);
  if (voice?.kind === 'file') convert.chooseOwnVoice(voice);
  else if (voice) convert.chooseVoice(voice);
  const earlier = origin.kind === 'job' ? { ...origin.job.options, engine: origin.job.engine } : origin.entry.settings;
  convert.change(settingsOf(earlier));
}

async function ofDevice(origin: Exclude<HistoryItem['origin'], { kind: 'job' }>, device: DeviceData): Promise<Origin> {
  const stored = origin.kind === 'outbox' ? origin.entry : await device.history.files(origin.entry.id);
  return { source: stored && fromStored(stored.source), voice: stored && fromStored(stored.voice) };
}

async function ofJob({ source, voice }: Job, history: HistoryApi): Promise<Origin> {
  return {
    source: sampleRecordingOf(source.id) ?? (await sentRecording(source, history)),
    voice: sampleRecordingOf(voice.id) ?? (isUpload(voice.id) ? await sentRecording(voice, history) : undefined),
  };
}

const isUpload = (id: string) => id.startsWith('u_');

async function sentRecording({ id, name }: Job['voice'], history: HistoryApi): Promise<Recording> {
  try {
    return { kind: 'file', name, blob: await history.upload(id), origin: 'file' };
  } catch (error) {
    if (error instanceof GiongError && error.code === 'not-found') throw new SourceGoneError({ cause: error });
    throw error;
  }
}
