/** How a server feels from outside and what it says of itself, from time to time. */
export interface Sample {
  /** Seconds since the watch began. */
  readonly seconds: number;
  readonly residentBytes: number;
  /** 99th percentile of the delay of the server's event loop since the last sample, in ms. */
  readonly loopDelayP99: number;
  readonly loopDelayMax: number;
  readonly queued: number;
  readonly busyWorkers: number;
}

const sampleSeconds = 10;
const pingSeconds = 0.1;

/** Watches until it is stopped. */
export class Watch {
  readonly samples: Sample[] = [];
  /** Milliseconds that `GET /health` took. */
  readonly pings: number[] = [];
  readonly #url: string;
  readonly #start = performance.now();
  readonly #stop = Promise.withResolvers<void>();
  readonly #done: Promise<unknown>;
  #stopped = false;

  constructor(url: string) {
    this.#url = url;
    this.#done = Promise.all([
      this.#repeat(pingSeconds, () => this.#ping()),
      this.#repeat(sampleSeconds, () => this.#sample()),
    ]);
  }

  /** Throws what a question to the server threw. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stop.resolve();
    await this.#done;
  }

  async #repeat(seconds: number, ask: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      await Promise.race([Bun.sleep(1000 * seconds), this.#stop.promise]);
      await ask();
    }
  }

  async #ping(): Promise<void> {
    const start = performance.now();
    const response = await fetch(`${this.#url}/health`);
    await response.text();
    if (!response.ok) throw new Error(`/health says ${response.status}`);
    this.pings.push(performance.now() - start);
  }

  async #sample(): Promise<void> {
    const text = await (await fetch(`${this.#url}/metrics`)).text();
    const value = (name: string) => {
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
      if (line === undefined) throw new Error(`/metrics has no ${name}`);
      return Number(line.slice(name.length + 1));
    };
    this.samples.push({
      seconds: (performance.now() - this.#start) / 1000,
      residentBytes: value('process_resident_memory_bytes'),
      loopDelayP99: 1000 * value('nodejs_eventloop_lag_p99_seconds'),
      loopDelayMax: 1000 * value('nodejs_eventloop_lag_max_seconds'),
      queued: value('giong_queue_jobs{priority="normal"}'),
      busyWorkers: value('giong_workers{state="busy"}'),
    });
  }
}
