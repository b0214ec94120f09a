import { InputError } from '#core/errors.ts';
import type { VoiceReport } from '#core/voice/quality.ts';
import type { VoiceRow } from '../data/schema.ts';
import type { VoiceRepository } from '../data/voices.ts';
import { type FileContent, type FileStore, fileKeys, type StoredFile } from '../files/store.ts';
import { newId, requested } from '../ids.ts';
import type { StorageQuota } from '../storage/quota.ts';
import type { WorkerPool } from '../workers/pool.ts';
import type { ProfileSummary } from '../workers/tasks.ts';
import type { VoiceHandlers } from '../workers/voice-worker.ts';

/** How many voices a list shows at most. */
const listLimit = 200;

/** A recording that waits until its voice is made. */
export interface StoredReference {
  readonly kind: 'upload';
  readonly key: string;
  readonly sha256: string;
}

/** A profile that came as a file, not yet looked into. */
export interface StoredProfile extends StoredFile {
  readonly voiceId: string;
  readonly fileName: string;
  /** The voice that the same request may have made before. */
  readonly earlier: VoiceRow | undefined;
}

export interface VoiceServiceParts {
  readonly voices: VoiceRepository;
  readonly files: FileStore;
  readonly quota: StorageQuota;
  readonly describers: WorkerPool<VoiceHandlers>;
  /** Engines that this server has, the one that describes voices first. */
  readonly engines: readonly string[];
}

/** How a voice is made. */
interface VoiceChoices {
  /** The engines that will use it; the first of the server when left out. */
  readonly engines: readonly string[] | undefined;
  /** How similar each recording must be to the others; undefined: not looked at. */
  readonly similarityThreshold: number | undefined;
  /** The same request with the same key is the same voice, even when the server was killed before it could answer. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * What users do with voices. Each call names the workspace, and answers as if other workspaces' voices did not exist.
 * Of a voice only its profile is kept: its recordings go as soon as that is made.
 */
export class VoiceService {
  readonly #parts: VoiceServiceParts;

  constructor(parts: VoiceServiceParts) {
    this.#parts = parts;
  }

  /** Throws `UnavailableError('storage-full' | 'quota-exceeded')`, and what the content throws. */
  async receiveReference(workspaceId: string, content: AsyncIterable<Uint8Array>): Promise<StoredReference> {
    const key = fileKeys.reference(workspaceId, newId('reference'));
    const { sha256 } = await this.#admit(workspaceId, key, content);
    return { kind: 'upload', key, sha256 };
  }

  async discardReference({ key }: StoredReference): Promise<void> {
    await this.#parts.files.remove(key);
  }

  /**
   * Makes a voice of recordings whose speaker agrees; what fails leaves nothing. The caller discards the references.
   * Throws `InputError` with a code of the audio, `reference-no-speech`, `reference-too-short`; `references-differ` where one is less
   * similar to the others than `similarityThreshold`; `engine-unknown`; `UnavailableError`, `CancelledError`.
   */
  async create(
    workspaceId: string,
    name: string,
    references: readonly StoredReference[],
    { engines: wanted, similarityThreshold, idempotencyKey }: VoiceChoices,
    signal: AbortSignal,
  ): Promise<VoiceRow> {
    const { describers, engines, files, voices } = this.#parts;
    const used = wanted ?? engines.slice(0, 1);
    for (const engine of used) if (!engines.includes(engine)) throw new InputError('engine-unknown', { engine });
    const request = { name, engines: used, similarityThreshold, references: references.map(({ sha256 }) => sha256) };
    const { id, earlier } = await requested('voice', workspaceId, idempotencyKey, request, voices);
    if (earlier) return earlier;
    const voiceKey = fileKeys.voice(workspaceId, id);
    try {
      const { stored, quality, ...summary } = await describers.run(
        'describe',
        { references, engines: used, voiceKey, similarityThreshold },
        { signal },
      );
      return await this.#insert({ id, workspaceId, name, stored, summary, quality, listed: true });
    } catch (error) {
      // Another process may have made the voice of the same request meanwhile.
      if (!(await voices.find(workspaceId, id))) await files.remove(voiceKey);
      throw error;
    }
  }

  /** Takes in a profile for `importProfile`; with an `idempotencyKey` as `create` has it. Throws `UnavailableError('storage-full' | 'quota-exceeded')`, and what the content throws. */
  async receiveProfile(
    workspaceId: string,
    content: AsyncIterable<Uint8Array>,
    fileName: string,
    idempotencyKey?: string,
  ): Promise<StoredProfile> {
    const { id, earlier } = await requested('voice', workspaceId, idempotencyKey, { fileName }, this.#parts.voices);
    // What is there stays as it is, should this be another voice after all.
    const voiceId = earlier ? newId('voice') : id;
    const stored = await this.#admit(workspaceId, fileKeys.voice(workspaceId, voiceId), content);
    return { ...stored, voiceId, fileName, earlier };
  }

  async discardProfile(workspaceId: string, { voiceId }: StoredProfile): Promise<void> {
    await this.#parts.files.remove(fileKeys.voice(workspaceId, voiceId));
  }

  /**
   * Makes a voice of a received profile whose owner agrees; one that is not listed is for conversions alone, and goes like an upload.
   * The caller discards the profile when this fails.
   * Throws `InputError('voice-corrupt' | 'voice-version-unknown')`, `'voice-engine-mismatch'` when it serves no engine of this server.
   */
  async importProfile(
    workspaceId: string,
    name: string,
    stored: StoredProfile,
    { listed }: { readonly listed: boolean },
  ): Promise<VoiceRow> {
    const { describers, engines } = this.#parts;
    const { earlier } = stored;
    if (earlier?.sha256 === stored.sha256 && earlier.name === name) {
      await this.discardProfile(workspaceId, stored);
      return earlier;
    }
    const summary = await describers.run('inspect', fileKeys.voice(workspaceId, stored.voiceId));
    if (!summary.engines.some((engine) => engines.includes(engine))) throw new InputError('voice-engine-mismatch');
    return this.#insert({ id: stored.voiceId, workspaceId, name, stored, summary, quality: null, listed });
  }

  /** Throws `InputError('not-found')`. */
  async get(workspaceId: string, id: string): Promise<VoiceRow> {
    const row = await this.#parts.voices.find(workspaceId, id);
    if (!row) throw new InputError('not-found');
    return row;
  }

  /** Those of the user's list, newest first. */
  list(workspaceId: string): Promise<VoiceRow[]> {
    return this.#parts.voices.list(workspaceId, listLimit);
  }

  /** Throws `InputError('not-found')`. */
  async rename(workspaceId: string, id: string, name: string): Promise<VoiceRow> {
    if (!(await this.#parts.voices.rename(workspaceId, id, name))) throw new InputError('not-found');
    return this.get(workspaceId, id);
  }

  /** Throws `InputError('not-found')`. */
  async remove(workspaceId: string, id: string): Promise<void> {
    if (!(await this.#parts.voices.remove(workspaceId, id))) throw new InputError('not-found');
    await this.#parts.files.remove(fileKeys.voice(workspaceId, id));
  }

  /** The profile's bytes. Throws `InputError('not-found')`. */
  async open(workspaceId: string, id: string): Promise<{ file: FileContent; row: VoiceRow }> {
    const row = await this.get(workspaceId, id);
    return { file: await this.#parts.files.open(fileKeys.voice(workspaceId, id)), row };
  }

  #admit(workspaceId: string, key: string, content: AsyncIterable<Uint8Array>): Promise<StoredFile> {
    const { quota, files } = this.#parts;
    return quota.admit(workspaceId, content, (admitted) => files.write(key, admitted));
  }

  async #insert(voice: {
    readonly id: string;
    readonly workspaceId: string;
    readonly name: string;
    readonly stored: StoredFile;
    readonly summary: ProfileSummary;
    readonly quality: VoiceReport | null;
    readonly listed: boolean;
  }): Promise<VoiceRow> {
    const now = new Date().toISOString();
    const row: VoiceRow = {
      id: voice.id,
      workspace_id: voice.workspaceId,
      name: voice.name,
      engines: JSON.stringify(voice.summary.engines),
      speech_seconds: voice.summary.speechSeconds,
      quality: voice.quality && JSON.stringify(voice.quality),
      bytes: voice.stored.bytes,
      sha256: voice.stored.sha256,
      consented_at: now,
      listed: voice.listed ? 1 : 0,
      created_at: now,
    };
    await this.#parts.voices.insert(row);
    return row;
  }
}
