/** Something that loads once, on first use. Callers share the load; a failed one is forgotten, so that the next call tries again. */
export class Loaded<T> {
  private loading: Promise<T> | undefined;

  constructor(private readonly load: () => Promise<T>) {}

  get(): Promise<T> {
    if (!this.loading) {
      const loading = this.load();
      this.loading = loading;
      loading.catch(() => {
        if (this.loading === loading) this.loading = undefined;
      });
    }
    return this.loading;
  }

  /** What was loaded, or undefined when nothing was; forgets it. */
  async take(): Promise<T | undefined> {
    const loading = this.loading;
    this.loading = undefined;
    return loading?.catch(() => undefined);
  }
}
