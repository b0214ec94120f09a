/** A number of loops that take job after job; the number can change, and no job that was taken is dropped for it. */
export class Crew<Job> {
  readonly #take: (signal: AbortSignal) => Promise<Job | undefined>;
  readonly #work: (job: Job) => Promise<void>;
  /** Those that go on, each with what ends its waiting. */
  readonly #members = new Set<AbortController>();
  readonly #waiting = new Set<AbortController>();
  readonly #loops = new Set<Promise<void>>();

  /** `take` waits for a job and answers undefined once its signal is aborted; `work` sees a job to its end and must not throw. */
  constructor(take: (signal: AbortSignal) => Promise<Job | undefined>, work: (job: Job) => Promise<void>) {
    this.#take = take;
    this.#work = work;
  }

  /** Members beyond the new number leave: those that wait at once, the others after their job. */
  resize(size: number): void {
    while (this.#members.size < size) this.#begin();
    for (const member of [...this.#waiting, ...this.#members]) {
      if (this.#members.size <= size) return;
      this.#members.delete(member);
      member.abort();
    }
  }

  /** Lets all go, and resolves once the last job has ended. */
  async dismiss(): Promise<void> {
    this.resize(0);
    await Promise.all(this.#loops);
  }

  #begin(): void {
    const member = new AbortController();
    this.#members.add(member);
    const loop = this.#loop(member).finally(() => this.#loops.delete(loop));
    this.#loops.add(loop);
  }

  async #loop(member: AbortController): Promise<void> {
    while (!member.signal.aborted) {
      this.#waiting.add(member);
      const job = await this.#take(member.signal).finally(() => this.#waiting.delete(member));
      // One that came at the last moment is done all the same.
      if (job !== undefined) await this.#work(job);
    }
  }
}
