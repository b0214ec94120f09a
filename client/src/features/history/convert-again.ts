import { GiongError } from '#core/errors.ts';
import type { Job } from '#server/http/api-types.ts';
import type { HistoryApi } from '../../kernel/history-api.ts';
import type { Recording } from '../../kernel/recording.ts';
import type { DeviceData } from '../../kernel/stored/device-data.ts';
import { fromStored, sampleRecordingOf } from '../../kernel/stored/stored-recording.ts';
import type { VoicesApi } from '../../kernel/voices-api.ts';
import type { ConvertModel } from '../convert/convert-model.ts';
import { settingsOf } from '../convert/settings.ts';
import type { HistoryItem } from './history-items.ts';

/** The recording that was converted is no longer there. */
export class SourceGoneError extends Error {
  constructor() {
    super('source-gone');
    this.name = 'SourceGoneError';
  }
}

/** The voice that was taken on is no longer there; the rest of the conversion is chosen. */
export class VoiceGoneError extends Error {
  constructor(readonly voiceName: string) {
    super('voice-gone');
    this.name = 'VoiceGoneError';
  }
}

interface Origin {
  readonly source: Recording | undefined;
  /** Undefined when it is gone. */
  readonly voice: Recording | undefined;
}

interface Places {
  readonly history: HistoryApi;
  readonly voices: VoicesApi;
  readonly device: DeviceData;
}

/** Puts what an earlier conversion was made of into the screen "convert". Throws `SourceGoneError`, `VoiceGoneError`. */
export async function convertAgain(
  { origin, voiceName }: HistoryItem,
  convert: ConvertModel,
  places: Places,
): Promise<void> {
  const { source, voice } =
    origin.kind === 'job' ? await ofJob(origin.job, places) : await ofDevice(origin, places.device);
  if (!source) throw new SourceGoneError();
  convert.chooseSource(source);
  if (voice?.kind === 'file') convert.chooseOwnVoice(voice);
  else if (voice) convert.chooseVoice(voice);
  const earlier = origin.kind === 'job' ? { ...origin.job.options, engine: origin.job.engine } : origin.entry.settings;
  convert.change(settingsOf(earlier));
  if (!voice) throw new VoiceGoneError(voiceName);
}

async function ofDevice(origin: Exclude<HistoryItem['origin'], { kind: 'job' }>, device: DeviceData): Promise<Origin> {
  const stored = origin.kind === 'outbox' ? origin.entry : await device.history.files(origin.entry.id);
  return { source: stored && fromStored(stored.source), voice: stored && fromStored(stored.voice) };
}

async function ofJob({ source, voice }: Job, places: Places): Promise<Origin> {
  return {
    source: sampleRecordingOf(source.id) ?? (await ifThere(sentRecording(source, places.history))),
    voice: sampleRecordingOf(voice.id) ?? (await ifThere(ownVoice(voice, places))),
  };
}

/** A recording that was sent to be the voice, or a saved voice: the device's own where it is one of these. */
async function ownVoice({ id, name }: Job['voice'], { history, voices, device }: Places): Promise<Recording> {
  if (isUpload(id)) return sentRecording({ id, name }, history);
  const [{ engines }, profile] = await Promise.all([voices.voice(id), voices.profile(id)]);
  const here = await deviceVoiceLike(profile, device);
  return here ?? { kind: 'voice', name, engines: engines ?? undefined, profile, serverId: id };
}

/** The device's voice that has this very profile. */
async function deviceVoiceLike(profile: Blob, { voices }: DeviceData): Promise<Recording | undefined> {
  const wanted = new Uint8Array(await profile.arrayBuffer());
  for (const { id, name, engines, profile: own } of await voices.list()) {
    if (own.size !== wanted.length) continue;
    const bytes = new Uint8Array(await own.arrayBuffer());
    if (bytes.every((byte, at) => byte === wanted[at]))
      return { kind: 'voice', name, engines, profile: own, deviceId: id };
  }
  return undefined;
}

const isUpload = (id: string) => id.startsWith('u_');

async function sentRecording({ id, name }: Job['voice'], history: HistoryApi): Promise<Recording> {
  return { kind: 'file', name, blob: await history.upload(id), origin: 'file' };
}

/** Undefined for what the server no longer has. */
async function ifThere(fetched: Promise<Recording>): Promise<Recording | undefined> {
  try {
    return await fetched;
  } catch (error) {
    if (error instanceof GiongError && error.code === 'not-found') return undefined;
    throw error;
  }
}
