import type { VoiceRepository } from './data/voices.ts';
import { fileKeys } from './files/store.ts';
import type { Language } from './language.ts';
import type { Recordings } from './recordings.ts';
import type { VoiceFile } from './workers/tasks.ts';

/** A voice that a conversion can take on. */
export interface Target {
  readonly id: string;
  readonly name: string;
  readonly voice: VoiceFile;
  /** Engines that it serves; undefined for a recording, which serves all. */
  readonly engines?: readonly string[];
}

/** Finds voices to take on by id: recordings, then the workspace's saved voices. */
export class Targets {
  readonly #recordings: Recordings;
  readonly #voices: VoiceRepository;

  constructor(recordings: Recordings, voices: VoiceRepository) {
    this.#recordings = recordings;
    this.#voices = voices;
  }

  async find(workspaceId: string, id: string, language: Language): Promise<Target | undefined> {
    const recording = await this.#recordings.find(workspaceId, id, language);
    if (recording) return { id, name: recording.name, voice: recording.file };
    const row = await this.#voices.find(workspaceId, id);
    if (!row) return undefined;
    const voice: VoiceFile = { kind: 'profile', key: fileKeys.voice(workspaceId, id), sha256: row.sha256 };
    return { id, name: row.name, voice, engines: JSON.parse(row.engines) };
  }
}
