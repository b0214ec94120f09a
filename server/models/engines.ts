import { engineIds } from '#core/engines/registry.ts';
import { variants } from '#core/engines/seed-vc/models.ts';
import type { Model } from '#core/models/manifest.ts';
import type { ModelLibrary } from './library.ts';

/** An engine and whether it can convert on this server. */
export interface EngineStatus {
  readonly id: string;
  /** Whether all that it needs is here. */
  readonly ready: boolean;
  /** What it uses; empty while it is not ready. */
  readonly models: readonly Model[];
}

/** Which engines can convert here, as the models come and go. */
export class EngineCatalogue {
  readonly #library: ModelLibrary;

  constructor(library: ModelLibrary) {
    this.#library = library;
  }

  /** All engines of the product, the embedded one first. */
  async list(): Promise<EngineStatus[]> {
    await this.#library.refresh();
    return Promise.all(engineIds.map((id) => this.#statusOf(id)));
  }

  async readyIds(): Promise<string[]> {
    return (await this.list()).filter(({ ready }) => ready).map(({ id }) => id);
  }

  async #statusOf(id: string): Promise<EngineStatus> {
    const missing: EngineStatus = { id, ready: false, models: [] };
    const wanted = this.#library.modelsOf(id);
    const ofVariants = variants.map((variant) => `${id}${variant}`).filter((model) => wanted.includes(model));
    const needed = wanted.filter((model) => !ofVariants.includes(model));
    const chosen = await this.#firstHere(ofVariants);
    if (ofVariants.length > 0 && !chosen) return missing;
    const models: Model[] = [];
    for (const model of [...needed, ...(chosen ? [chosen] : [])]) {
      const known = this.#library.models.find((each) => each.id === model);
      if (!known || (await this.#library.glanceAt(known)) === 'missing') return missing;
      models.push(known);
    }
    return { id, ready: true, models };
  }

  async #firstHere(ids: readonly string[]): Promise<string | undefined> {
    for (const id of ids) {
      const model = this.#library.models.find((known) => known.id === id);
      if (model && (await this.#library.glanceAt(model)) !== 'missing') return id;
    }
    return undefined;
  }
}
