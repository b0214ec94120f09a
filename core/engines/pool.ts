import { Loaded } from '../loaded.ts';
import type { Engine } from './engine.ts';

interface Entry {
  readonly engine: Loaded<Engine>;
  /** Bytes of its models, once it is loaded. */
  bytes: number;
  /** Tasks that were asked for and have not ended. */
  tasks: number;
  /** Ends when the last task that was asked for ends. */
  last: Promise<unknown>;
}

/**
 * Engines loaded on first use, each used by one caller at a time. A failed load is forgotten. While all together hold more than a
 * budget, those that nobody waits for are unloaded, the longest unused first.
 */
export class EnginePool {
  /** In order of use, the latest last. */
  private readonly entries = new Map<string, Entry>();

  /** `budgetBytes`: of models, see `Engine.modelBytes`. */
  constructor(
    private readonly create: (id: string) => Promise<Engine>,
    private readonly budgetBytes = Number.POSITIVE_INFINITY,
  ) {}

  /** Begins to load an engine that is needed soon. That it fails shows when it is used. */
  warm(id: string): void {
    this.entry(id)
      .engine.get()
      .catch(() => undefined);
  }

  /** Runs a task with an engine after all earlier tasks of that engine; a failed task does not stop those behind it. */
  use<T>(id: string, task: (engine: Engine) => Promise<T>): Promise<T> {
    const entry = this.entry(id);
    entry.tasks++;
    const result = entry.last.then(async () => {
      try {
        const engine = await entry.engine.get();
        entry.bytes = engine.modelBytes ?? 0;
        await this.unloadIdle();
        return await task(engine);
      } finally {
        entry.tasks--;
      }
    });
    // Only when it ends matters: keeping its value would keep a whole recording.
    entry.last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Waits for the tasks that run, then frees all engines. */
  async dispose(): Promise<void> {
    const entries = [...this.entries.values()];
    this.entries.clear();
    for (const entry of entries) {
      await entry.last;
      await (await entry.engine.take())?.dispose();
    }
  }

  private entry(id: string): Entry {
    const known = this.entries.get(id);
    const entry = known ?? { engine: new Loaded(() => this.create(id)), bytes: 0, tasks: 0, last: Promise.resolve() };
    this.entries.delete(id);
    this.entries.set(id, entry);
    return entry;
  }

  private async unloadIdle(): Promise<void> {
    for (const [id, entry] of this.entries) {
      const held = [...this.entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
      if (held <= this.budgetBytes) return;
      if (entry.tasks > 0 || entry.bytes === 0) continue;
      this.entries.delete(id);
      await (await entry.engine.take())?.dispose();
    }
  }
}
