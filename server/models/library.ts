import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '#core/errors.ts';
import type { Model, ModelFile, ModelManifest } from '#core/models/manifest.ts';
import { replaceFile } from '../files/replace-file.ts';
import { paths } from '../paths.ts';
import { installedFolder } from './find-file.ts';
import { FolderLock } from './lock.ts';
import { forgetModel, manifestVersion, noteModel, readManifest } from './manifest.ts';

/** Where a model is: in the program's own folder, in the data folder, or not whole in either. */
export type ModelPlace = 'embedded' | 'installed' | 'missing';

/** What became of a look at one file. */
export interface FileCheck {
  readonly model: string;
  readonly path: string;
  readonly state: 'good' | 'corrupt' | 'missing';
}

/** The models of the manifest, and their files in the program's folder and in the data folder. */
export class ModelLibrary {
  #manifest: ModelManifest;
  /** Of what was brought, when it was read. */
  #version: string | undefined;
  readonly #dataFolder: string;
  readonly #embedded: string;
  readonly #installed: string;
  /** Files found to be what they should be, by path, with the size and time of change that they had. */
  readonly #checked = new Map<string, string>();

  private constructor(manifest: ModelManifest, embedded: string, dataFolder: string) {
    this.#manifest = manifest;
    this.#dataFolder = dataFolder;
    this.#embedded = embedded;
    this.#installed = installedFolder(dataFolder);
  }

  /** Reads the manifests. Throws `UnavailableError('model-missing' | 'model-corrupt')`. */
  static async open(dataFolder: string, embedded = paths.models): Promise<ModelLibrary> {
    const version = await manifestVersion(dataFolder);
    const library = new ModelLibrary(await readManifest(dataFolder, embedded), embedded, dataFolder);
    library.#version = version;
    return library;
  }

  get models(): readonly Model[] {
    return this.#manifest.models;
  }

  /** Ids of models that engines can use, whether or not anything is known of them here. */
  get wantedIds(): readonly string[] {
    return Object.values(this.#manifest.engines).flat();
  }

  /** Models of an engine: what it needs, and the variants that it chooses from. */
  modelsOf(engine: string): readonly string[] {
    return this.#manifest.engines[engine] ?? [];
  }

  /** All that is known of engines and models now. */
  async currentManifest(): Promise<ModelManifest> {
    await this.refresh();
    return this.#manifest;
  }

  /** Looks whether models were brought or removed from outside, by the command line or by another process. */
  async refresh(): Promise<void> {
    const version = await manifestVersion(this.#dataFolder);
    if (version === this.#version) return;
    this.#manifest = await readManifest(this.#dataFolder, this.#embedded);
    this.#version = version;
  }

  /** Learns of a model that came with a description of its own. */
  async note(model: Model): Promise<void> {
    await noteModel(this.#dataFolder, model);
    await this.refresh();
  }

  /** Throws `InputError('not-found')`. */
  find(id: string): Model {
    const model = this.models.find((known) => known.id === id);
    if (!model) throw new InputError('not-found');
    return model;
  }

  /** Ids of the engines that need the model. */
  enginesOf(id: string): string[] {
    return Object.entries(this.#manifest.engines).flatMap(([engine, models]) => (models.includes(id) ? [engine] : []));
  }

  /** A file is read whole the first time, to see that it is what it should be; then only when it changes. */
  async placeOf({ files }: Model): Promise<ModelPlace> {
    if (await this.#areIntact(this.#embedded, files)) return 'embedded';
    return (await this.#areIntact(this.#installed, files)) ? 'installed' : 'missing';
  }

  /** Where a model seems to be, by the sizes of its files alone: quick enough to be asked with every page. */
  async glanceAt({ files }: Model): Promise<ModelPlace> {
    if (await haveSizes(this.#embedded, files)) return 'embedded';
    return (await haveSizes(this.#installed, files)) ? 'installed' : 'missing';
  }

  /** The file of a model at a path of the manifest, and where it lies; undefined where it is not, or is not what it should be. */
  async openFile(path: string): Promise<{ readonly file: ModelFile; readonly fullPath: string } | undefined> {
    const file = this.models.flatMap((model) => model.files).find((known) => known.path === path);
    if (!file) return undefined;
    for (const folder of [this.#embedded, this.#installed]) {
      if ((await this.#check(folder, file)) === 'good') return { file, fullPath: join(folder, path) };
    }
    return undefined;
  }

  /** Where a downloaded file goes. */
  goalOf({ path }: ModelFile): string {
    return join(this.#installed, path);
  }

  /** Whether the data folder has this file already, as it should be. */
  async hasInstalled(file: ModelFile): Promise<boolean> {
    return (await this.#check(this.#installed, file)) === 'good';
  }

  /** Held by whoever writes the model's files, in any process. */
  lockFolderOf({ id }: Model): string {
    return join(this.#installed, '.locks', id);
  }

  /** Looks at every file of every model anew, and at those of models that are nowhere once. */
  async verify(): Promise<FileCheck[]> {
    this.#checked.clear();
    const checks = this.models.flatMap((model) =>
      model.files.map(async (file): Promise<FileCheck> => {
        const embedded = await this.#check(this.#embedded, file);
        const state = embedded === 'missing' ? await this.#check(this.#installed, file) : embedded;
        return { model: model.id, path: file.path, state };
      }),
    );
    return Promise.all(checks);
  }

  /**
   * Takes over the model's files from a folder, where they lie as below `models/`. Returns whether all were there and right; if not,
   * nothing is changed. Throws `UnavailableError('storage-full')`.
   */
  async add(model: Model, folder: string): Promise<boolean> {
    if (!(await this.#areIntact(folder, model.files))) return false;
    using _ = await FolderLock.take(this.lockFolderOf(model));
    for (const file of model.files) {
      await replaceFile(this.goalOf(file), Bun.file(join(folder, file.path)).stream());
    }
    return true;
  }

  /** Deletes what the data folder has of the model, half files too. Throws `InputError('forbidden')` for an embedded one. */
  async remove(model: Model): Promise<void> {
    if ((await this.placeOf(model)) === 'embedded') throw new InputError('forbidden');
    using _ = await FolderLock.take(this.lockFolderOf(model));
    for (const file of model.files) {
      const goal = this.goalOf(file);
      for (const path of [goal, `${goal}.part`, `${goal}.part.validator`]) await rm(path, { force: true });
    }
    await forgetModel(this.#dataFolder, model);
  }

  async #areIntact(folder: string, files: readonly ModelFile[]): Promise<boolean> {
    for (const file of files) {
      if ((await this.#check(folder, file)) !== 'good') return false;
    }
    return true;
  }

  async #check(folder: string, { path, bytes, sha256 }: ModelFile): Promise<FileCheck['state']> {
    const fullPath = join(folder, path);
    const info = await stat(fullPath).catch(() => undefined);
    if (!info?.isFile()) return 'missing';
    if (info.size !== bytes) return 'corrupt';
    const version = `${info.size} ${info.mtimeMs} ${info.ino} ${sha256}`;
    if (this.#checked.get(fullPath) === version) return 'good';
    const hasher = new Bun.CryptoHasher('sha256');
    for await (const chunk of Bun.file(fullPath).stream()) hasher.update(chunk);
    if (hasher.digest('hex') !== sha256) return 'corrupt';
    this.#checked.set(fullPath, version);
    return 'good';
  }
}

async function haveSizes(folder: string, files: readonly ModelFile[]): Promise<boolean> {
  const sizes = await Promise.all(files.map(({ path }) => stat(join(folder, path)).catch(() => undefined)));
  return sizes.every((info, i) => info?.isFile() === true && info.size === files[i]?.bytes);
}
