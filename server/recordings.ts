import type { UploadRepository } from './data/uploads.ts';
import { fileKeys } from './files/store.ts';
import type { Language } from './language.ts';
import type { SampleCatalogue } from './samples.ts';
import type { AudioFile, ProbeResult } from './workers/tasks.ts';

/** Something that can be a source or a reference. */
export interface Recording {
  readonly id: string;
  readonly name: string;
  readonly seconds: number;
  readonly file: AudioFile;
}

/** Finds recordings by id: the samples that everybody shares, then the workspace's own uploads. */
export class Recordings {
  readonly #samples: SampleCatalogue;
  readonly #uploads: UploadRepository;
  readonly #probe: (file: AudioFile) => Promise<ProbeResult>;
  /** Lengths of samples, which are decoded once to know them. */
  readonly #sampleSeconds = new Map<string, number>();

  constructor(samples: SampleCatalogue, uploads: UploadRepository, probe: (file: AudioFile) => Promise<ProbeResult>) {
    this.#samples = samples;
    this.#uploads = uploads;
    this.#probe = probe;
  }

  async find(workspaceId: string, id: string, language: Language): Promise<Recording | undefined> {
    const sample = this.#samples.find(id);
    if (sample) {
      const file: AudioFile = { kind: 'sample', id };
      return { id, name: sample.name[language], seconds: await this.#secondsOf(file), file };
    }
    const upload = await this.#uploads.find(workspaceId, id);
    if (!upload) return undefined;
    const file: AudioFile = { kind: 'upload', key: fileKeys.upload(workspaceId, id), sha256: upload.sha256 };
    return { id, name: upload.name, seconds: upload.seconds, file };
  }

  async #secondsOf(file: AudioFile & { kind: 'sample' }): Promise<number> {
    const known = this.#sampleSeconds.get(file.id);
    if (known !== undefined) return known;
    const { seconds } = await this.#probe(file);
    this.#sampleSeconds.set(file.id, seconds);
    return seconds;
  }
}
