import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GiongError, InputError } from '#core/errors.ts';
import { replaceFile } from '../files/replace-file.ts';
import { newId } from '../ids.ts';

/** Ending of a voice's file, here and where it is exported. */
export const voiceExtension = '.giong-voice';

const recordSchema = z.strictObject({
  id: z.string().regex(/^v_[A-Za-z0-9_-]+$/),
  name: z.string(),
  engines: z.array(z.string()),
  speechSeconds: z.number(),
  /** When the user said that the voice's owner agrees. */
  consentedAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
});

/** What is kept of a voice besides its profile. */
export type VoiceRecord = z.infer<typeof recordSchema>;

/** The voices of the command line's user: a folder with a profile and a record of each. */
export class VoiceShelf {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Newest first. What is no record of a voice is passed over. */
  async list(): Promise<VoiceRecord[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const records = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => this.#read(join(this.#folder, name))),
    );
    return records.filter((record) => record !== undefined).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  /** By id, else by a name that only one voice has. */
  async find(idOrName: string): Promise<VoiceRecord | undefined> {
    const all = await this.list();
    const named = all.filter(({ name }) => name === idOrName.normalize());
    return all.find(({ id }) => id === idOrName) ?? (named.length === 1 ? named[0] : undefined);
  }

  /** Throws `InputError('not-found')`. */
  async get(idOrName: string): Promise<VoiceRecord> {
    const record = await this.find(idOrName);
    if (!record) throw new InputError('not-found');
    return record;
  }

  /** The profile's bytes. */
  async open({ id }: VoiceRecord): Promise<Uint8Array> {
    return Bun.file(this.#profilePath(id)).bytes();
  }

  /** Throws `UnavailableError('storage-full')`, `InputError('option-invalid')` when the folder cannot be written. */
  async add(profile: Uint8Array, about: Pick<VoiceRecord, 'name' | 'engines' | 'speechSeconds'>): Promise<VoiceRecord> {
    const now = new Date().toISOString();
    const record = { id: newId('voice'), ...about, name: about.name.normalize(), consentedAt: now, createdAt: now };
    // The record last: what has one is whole.
    await this.#write(this.#profilePath(record.id), profile);
    await this.#writeRecord(record);
    return record;
  }

  async rename(record: VoiceRecord, name: string): Promise<VoiceRecord> {
    const renamed = { ...record, name: name.normalize() };
    await this.#writeRecord(renamed);
    return renamed;
  }

  async remove({ id }: VoiceRecord): Promise<void> {
    await rm(this.#recordPath(id), { force: true });
    await rm(this.#profilePath(id), { force: true });
  }

  async #read(path: string): Promise<VoiceRecord | undefined> {
    const content: unknown = await Bun.file(path)
      .json()
      .catch(() => undefined);
    return recordSchema.safeParse(content).data;
  }

  async #writeRecord(record: VoiceRecord): Promise<void> {
    await this.#write(this.#recordPath(record.id), new TextEncoder().encode(JSON.stringify(record)));
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    await replaceFile(path, bytes).catch((cause: unknown) => {
      throw cause instanceof GiongError ? cause : new InputError('option-invalid', { field: '--data' }, { cause });
    });
  }

  #profilePath(id: string): string {
    return join(this.#folder, `${id}${voiceExtension}`);
  }

  #recordPath(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}
