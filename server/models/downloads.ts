import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { GiongError, UnavailableError } from '#core/errors.ts';
import type { Model, ModelFile } from '#core/models/manifest.ts';
import { type DownloadControl, downloadFile } from './download-file.ts';
import { describeAt } from './exported.ts';
import type { ModelLibrary, ModelPlace } from './library.ts';
import { FolderLock } from './lock.ts';

/** A model and how far it is here. */
export interface ModelStatus {
  readonly model: Model;
  readonly engines: readonly string[];
  readonly state: ModelPlace | 'downloading';
  /** Bytes of the model that are on disk while it is coming, else null. */
  readonly bytesLoaded: number | null;
  /** Why the last download failed, until the next begins. */
  readonly failure: GiongError | null;
}

export interface DownloadsOptions extends Pick<DownloadControl, 'pauses'> {
  /** Address below which each file lies at its path; undefined: the address in the manifest. */
  readonly baseUrl?: string | undefined;
}

/** While a model is coming, news of it goes out this often, in milliseconds; the last word comes at once. */
const newsInterval = 250;
/** How often it is looked whether other processes bring something, in milliseconds. */
const watchInterval = 1000;

/** Downloads models into the data folder. Those who ask for the same model share one download, in this process and across processes. */
export class ModelDownloads {
  readonly #library: ModelLibrary;
  readonly #options: DownloadsOptions;
  readonly #running = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, GiongError>();
  readonly #listeners = new Set<(status: ModelStatus) => void>();
  readonly #stopped = new AbortController();
  /** Models that other processes brought at the last look. */
  #comingElsewhere: ReadonlySet<string> = new Set();
  #watching: Promise<void> | undefined;

  constructor(library: ModelLibrary, options: DownloadsOptions = {}) {
    this.#library = library;
    this.#options = options;
  }

  /** All models of the manifest, in its order. */
  list(): Promise<ModelStatus[]> {
    return Promise.all(this.#library.models.map((model) => this.#statusOf(model)));
  }

  /** Throws `InputError('not-found')`. */
  async status(id: string): Promise<ModelStatus> {
    return this.#statusOf(this.#library.find(id));
  }

  /**
   * Downloads what is missing of a model, which it learns of from there first where need be, and resolves when all is there. Throws `InputError('not-found')`,
   * `UnavailableError('download-failed' | 'model-corrupt' | 'storage-full')`, `CancelledError` once stopped.
   */
  async download(id: string): Promise<void> {
    await this.#learnOf(id);
    const model = this.#library.find(id);
    const before = this.#running.get(id);
    if (before) return before;
    this.#failures.delete(id);
    const running = this.#run(model);
    this.#running.set(id, running);
    return running;
  }

  /** A model that an engine wants and the manifest does not know may be described where models are downloaded from. */
  async #learnOf(id: string): Promise<void> {
    const { baseUrl } = this.#options;
    const isKnown = this.#library.models.some((model) => model.id === id);
    if (isKnown || baseUrl === undefined || !this.#library.wantedIds.includes(id)) return;
    await this.#library.note(await describeAt(baseUrl, id, this.#stopped.signal));
  }

  /** Tells of every change of a model until the returned function is called. */
  subscribe(listener: (status: ModelStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** From now on tells also of what other processes bring into the same data folder, until `stop`. */
  watch(): void {
    this.#watching ??= this.#keepLooking();
  }

  /** Breaks off what is coming. What has come is kept for the next time. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.allSettled([...this.#running.values(), this.#watching]);
    this.#listeners.clear();
  }

  async #keepLooking(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      // A folder that cannot be read now may be readable a second later.
      await this.#lookElsewhere().catch(() => undefined);
      await delay(watchInterval, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #lookElsewhere(): Promise<void> {
    const coming = new Set<string>();
    for (const model of this.#library.models) {
      if (this.#running.has(model.id)) continue;
      if (await this.#isComingElsewhere(model)) coming.add(model.id);
      // Not at the first look, which may have met another's look; and once more when it is over.
      if (this.#comingElsewhere.has(model.id)) await this.#tellOf(model);
    }
    this.#comingElsewhere = coming;
  }

  async #run(model: Model): Promise<void> {
    // One after another: what was so before must not be told after what is so now.
    let telling = Promise.resolve();
    const news = setInterval(() => {
      telling = telling.then(() => this.#tellOf(model)).catch(() => undefined);
    }, newsInterval);
    try {
      if ((await this.#library.placeOf(model)) === 'missing') await this.#downloadAll(model);
    } catch (error) {
      const failure = error instanceof GiongError ? error : new GiongError('internal', {}, { cause: error });
      this.#failures.set(model.id, failure);
      throw failure;
    } finally {
      clearInterval(news);
      this.#running.delete(model.id);
      await telling;
      await this.#tellOf(model);
    }
  }

  async #downloadAll(model: Model): Promise<void> {
    const { signal } = this.#stopped;
    using _ = await FolderLock.take(this.#library.lockFolderOf(model), signal);
    for (const file of model.files) {
      // Another process may have brought it while this one waited for the lock.
      if (await this.#library.hasInstalled(file)) continue;
      await downloadFile(file, this.#urlOf(file), this.#library.goalOf(file), { ...this.#options, signal });
    }
  }

  #urlOf({ path, url }: ModelFile): string {
    const { baseUrl } = this.#options;
    const found = baseUrl === undefined ? url : `${baseUrl.replace(/\/+$/, '')}/${path}`;
    if (found === undefined) throw new UnavailableError('download-failed', { name: path, reason: 'no address' });
    return found;
  }

  async #tellOf(model: Model): Promise<void> {
    const status = await this.#statusOf(model);
    for (const listener of this.#listeners) listener(status);
  }

  async #statusOf(model: Model): Promise<ModelStatus> {
    const isComing = async () => this.#running.has(model.id) || (await this.#isComingElsewhere(model));
    const place = await this.#library.placeOf(model);
    if (place !== 'missing' || !(await isComing())) return { ...this.#about(model), state: place, bytesLoaded: null };
    return { ...this.#about(model), state: 'downloading', bytesLoaded: await this.#bytesOnDisk(model) };
  }

  #about(model: Model) {
    const { id } = model;
    return { model, engines: this.#library.enginesOf(id), failure: this.#failures.get(id) ?? null };
  }

  /** Whether another process is at it. */
  async #isComingElsewhere(model: Model): Promise<boolean> {
    const folder = this.#library.lockFolderOf(model);
    if (!existsSync(folder)) return false;
    using lock = FolderLock.tryTake(folder);
    return lock === undefined;
  }

  async #bytesOnDisk({ files }: Model): Promise<number> {
    const sizes = files.map(async (file) => {
      const goal = this.#library.goalOf(file);
      const info = (await stat(goal).catch(() => undefined)) ?? (await stat(`${goal}.part`).catch(() => undefined));
      return info?.size ?? 0;
    });
    return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
  }
}
