import { Loaded } from '../loaded.ts';
import type { Engine } from './engine.ts';

interface Entry {
  readonly engine: Loaded<Engine>;
  /** Ends when the last task that was asked for ends. */
  last: Promise<unknown>;
}

/** Engines loaded on first use, each used by one caller at a time. A failed load is forgotten. */
export class EnginePool {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly create: (id: string) => Promise<Engine>) {}

  /** Begins to load an engine that is needed soon. That it fails shows when it is used. */
  warm(id: string): void {
    this.entry(id)
      .engine.get()
      .catch(() => undefined);
  }

  /** Runs a task with an engine after all earlier tasks of that engine; a failed task does not stop those behind it. */
  use<T>(id: string, task: (engine: Engine) => Promise<T>): Promise<T> {
    const entry = this.entry(id);
    const result = entry.last.then(async () => task(await entry.engine.get()));
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
    if (known) return known;
    const entry: Entry = { engine: new Loaded(() => this.create(id)), last: Promise.resolve() };
    this.entries.set(id, entry);
    return entry;
  }
}
